/* Runs each scenario of `npm run demo` on the shop to its end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScenario } from './run-scenario';
import { scenarios } from '../../../apps/console/scenarios';
import { findStackContext } from './stack-context';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder, ShopClient } from '../../../test/end-to-end/shop-client';

let directory: string;
let stack: Stack;
let shop: ShopClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-scenarios-'));
  stack = await Stack.start({ directory, ports: 'free', quiet: true });
  shop = ShopClient.of(stack);
});

afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

it.each([...scenarios])('ends the scenario $name as described: $shows', async (scenario) => {
  const timeline = await runScenario(scenario, findStackContext(directory));
  expect(timeline.join('\n')).toContain(`ended ${scenario.end}`);
});

it('arms a fault by payment token like the X-Saga-Fault header does', async () => {
  const { body } = await shop.place(anOrder({ paymentToken: 'tok_double_reply' }), { prefer: 'wait=20' });
  expect(body).toMatchObject({ status: 'APPROVED' });
  const [hit] = await waitUntil('the fault hit is reported', async () => {
    const { items } = (await shop.admin<{ items: object[] }>(`/v1/faults/hits?sagaId=${body.sagaId}`)).body;
    return items.length > 0 && items;
  });
  expect(hit).toMatchObject({ command: 'payment.capture', effect: 'duplicate-reply' });
});

it.each([
  ['a malformed fault', 'everything', 'X-Saga-Fault'],
  ['a fault of an unknown command', 'payment.steal=fail', 'command'],
  ['a fault effect that its point does not allow', 'payment.capture=poison;point=after-commit', 'effect.type'],
])('rejects an order with %s, and names the field', async (_what, fault, field) => {
  const { status, body } = await shop.place(anOrder(), { 'x-saga-fault': fault });
  expect(status).toBe(422);
  expect((body as unknown as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([field]);
});
