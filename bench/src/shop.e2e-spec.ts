/* The subcommands that measure the shop. */
import { bench, figures, rowOf } from '../test/bench';

it('npm run bench -- latency measures one order at a time', async () => {
  const { printed } = await bench('latency', '--orders', '3', '--warm-up', '1');
  expect(printed).toMatch(/^POST to COMPLETED: p50 \d+ ms, p95 \d+ ms$/m);
});

it('npm run bench -- overload measures a level of load', async () => {
  const brief = ['--seconds', '1', '--warm-up', '0.5', '--customers', '8', '--levels', '0.5', '--stopped', '0'];
  const { printed } = await bench('overload', ...brief);
  expect(printed).toMatch(/^\| 0\.5 × peak, \d+\/s \|/m);
  expect(figures()).toMatchObject({ levels: [{ other: 0, falseHolds: expect.any(Number) }] });
});

it('npm run bench -- recovery kills a part and works off a backlog of orders', async () => {
  const brief = ['--rounds', '1', '--brokers', 'embedded', '--parts', 'broker', '--backlog', '20'];
  const { printed } = await bench('recovery', ...brief);
  expect(printed).toMatch(rowOf('broker, embedded'));
  expect(printed).toMatch(/^20 orders, taken within .*: .* 20 approved, 0 rejected\.$/m);
  expect(figures()['recoveries']).toHaveLength(1);
});

it('npm run bench -- false-holds compares a shop that holds too early with others', async () => {
  const { printed } = await bench('false-holds', '--orders', '1', '--delay', '2000', '--rounds', '1');
  for (const shop of ['no automatic holds', 'the default, 10 s', '1000 ms']) expect(printed).toMatch(rowOf(shop));
  expect(figures()['outcomes']).toMatchObject({
    'no automatic holds': [{ holds: 0, rejected: 0 }],
    '1000 ms': [{ rejected: 0 }],
  });
});

it('npm run bench -- customer compares two ways to take an order while the inventory is slow or down', async () => {
  const { printed } = await bench('customer', '--rate', '4', '--seconds', '0.5', '--wait', '1', '--rounds', '1');
  for (const state of ['is healthy', 'takes 200 ms more', 'takes 3000 ms more', 'dies half-way', 'is down'])
    expect(printed).toMatch(rowOf(`inventory ${state}`));
});

it('npm run bench -- files lists the files of all services that every order runs through', async () => {
  const { printed } = await bench('files', '--orders', '2');
  for (const file of ['apps/order/src/orders/orders.ts', 'libs/saga/src/engine/transition.ts'])
    expect(printed).toMatch(rowOf(file));
  expect(printed).toMatch(/^\d+ files, \d+ lines, from POST \/orders to COMPLETED$/m);
  expect(figures()['files']).not.toContain('libs/saga/src/engine/index.ts');
});
