/* npm start: embedded servers and all services, until Ctrl-C. The data are kept in .data. */
import { startTestStack, waitUntil } from '@palinode/testing-support';
import { runServices, serviceNames } from './run-services.js';
import { services } from './services.js';

const stack = await startTestStack({ databases: serviceNames, directory: '.data' });
const { result } = runServices(stack, { watch: true });
let running = true;
// It rejects when Ctrl-C has ended the services.
const ended = result.catch(() => undefined).finally(() => (running = false));

const isReady = async (port: number): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
await waitUntil(
  'all services are ready',
  async () => !running || (await Promise.all(Object.values(services).map(isReady))).every(Boolean),
  { deadlineMs: Infinity, everyMs: 200 },
);

if (running) {
  const addresses = serviceNames.map(
    (name) => `  ${name.padEnd(14)}http://127.0.0.1:${services[name]}   psql ${stack.databaseUrl(name)}`,
  );
  console.log(`
All services are ready; Kafka is at ${stack.brokers[0]}. Ctrl-C ends them.

${addresses.join('\n')}

Place an order:
  curl -s http://127.0.0.1:${services.orders}/orders -H 'content-type: application/json' \\
    -d '{"sku": "mug", "quantity": 2, "cardToken": "tok_ok"}'
`);
}
await ended;
await stack.stop();
