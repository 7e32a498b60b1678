import { figures, json, measured, rowOf } from '../test/measured';

it('npm run recovery kills a part and works off a backlog of orders', async () => {
  const brief = ['--rounds', '1', '--brokers', 'embedded', '--parts', 'broker', '--backlog', '20', '--json', json];
  const { printed } = await measured('recovery.js', ...brief);
  expect(printed).toMatch(rowOf('broker, embedded'));
  expect(printed).toMatch(/^20 orders, taken within .*: .* 20 approved, 0 rejected\.$/m);
  expect(figures()['recoveries']).toHaveLength(1);
});
