import { serviceNames } from '@palinode/test-support/shop/services';
import type { Stack } from '@palinode/test-support/shop/stack';

/** The text that `npm start` prints at the end: the addresses, and a command to place an order. */
export function firstOrder({ services, brokers, directory }: Stack): string {
  const order = {
    customerId: 'customer-1',
    lines: [{ sku: 'SKU-CUP', quantity: 2 }],
    paymentToken: 'tok_visa',
  };
  return [
    '',
    `${'console'.padEnd(14)}${services.orchestrator.url}/console`,
    ...serviceNames.map((name) => `${name.padEnd(14)}${services[name].url}`),
    `${'broker'.padEnd(14)}${brokers.join(', ')}`,
    `${'logs'.padEnd(14)}${directory}/logs`,
    '',
    'Place an order:',
    `  curl -i ${services.order.url}/orders -H 'content-type: application/json' -H "idempotency-key: $RANDOM$RANDOM" \\`,
    `    -H 'prefer: wait=10' -d '${JSON.stringify(order)}'`,
    '',
    'Ctrl-C stops everything; the data stay (npm start -- --fresh deletes them).',
  ].join('\n');
}
