/*
 * `npm run latency -- --broker embedded|apache`: one order at a time through the shop's real processes, from POST to the end
 * of its saga, and where the time goes.
 */
import { commandLine, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { brokerKinds } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/test-support/wait-until';
import { machine } from './measure/machine';
import { quantile } from './measure/quantile';

const options = commandLine(
  'npm run latency --',
  'Places one order at a time in the shop, and tells where the time goes.',
)
  .option('--broker <kind>', 'embedded or apache', oneOf(...brokerKinds), 'embedded')
  .option('--orders <number>', 'how many', wholeNumber(1), 100)
  .parse()
  .opts();

const WARM_UP = 20;

interface Saga {
  readonly endedAt?: string;
  readonly history: readonly {
    readonly at: string;
    readonly event: { readonly kind: string; readonly step?: string };
  }[];
}

interface Timed {
  readonly endedMs: number;
  /** From POST to each entry of the saga's history. */
  readonly hops: readonly (readonly [name: string, ms: number])[];
}

async function main(): Promise<void> {
  const stack = await Stack.start({ broker: options.broker, quiet: true });
  try {
    const timed: Timed[] = [];
    for (let n = 0; n < WARM_UP + options.orders; n += 1) {
      const one = await timeOrder(stack);
      if (n >= WARM_UP) timed.push(one);
    }
    const ended = timed.map(({ endedMs }) => endedMs);
    console.log(`${machine()}, ${options.broker} broker, ${timed.length} orders one at a time`);
    console.log(`POST to COMPLETED: p50 ${quantile(ended, 0.5)} ms, p95 ${quantile(ended, 0.95)} ms`);
    const names = timed[0]?.hops.map(([name]) => name) ?? [];
    for (const name of names) {
      const ms = timed.flatMap(({ hops }) => hops.filter(([hop]) => hop === name).map(([, at]) => at));
      console.log(`  ${name.padEnd(24)} p50 after ${quantile(ms, 0.5)} ms`);
    }
  } finally {
    await stack.stop();
  }
}

async function timeOrder(stack: Stack): Promise<Timed> {
  const postedAt = Date.now();
  const response = await fetch(`${stack.services.order.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=20' },
    body: JSON.stringify({ customerId: 'ada', lines: [{ sku: 'SKU-CUP', quantity: 1 }], paymentToken: 'tok_ok' }),
  });
  const { sagaId } = (await response.json()) as { sagaId: string };
  const saga = await waitUntil(`saga ${sagaId} to end`, () => endedSaga(stack, sagaId));
  return {
    endedMs: Date.parse(saga.endedAt ?? '') - postedAt,
    hops: saga.history.map(({ at, event }) => [`${event.kind} ${event.step ?? ''}`, Date.parse(at) - postedAt]),
  };
}

async function endedSaga(stack: Stack, sagaId: string): Promise<Saga | false> {
  const saga = (await (await fetch(`${stack.adminUrl}/v1/sagas/${sagaId}`)).json()) as Saga;
  return saga.endedAt === undefined ? false : saga;
}

void main();
