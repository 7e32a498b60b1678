import { join } from 'node:path';
import { directory, figures, json, measured, rowOf } from '../test/measured';

it('npm run bench measures each target, driver and transaction mode, and reports where the time goes', async () => {
  const brief = ['--seconds', '1', '--rounds', '1', '--warm-up', '0', '--in-flight', '4', '--declined', '0.1'];
  const files = ['--json', json, '--profile', join(directory, 'profiles')];
  const { printed, told } = await measured('main.js', ...brief, '--brokers', 'embedded', ...files);
  for (const contender of ['floor', 'Graphile Worker', 'Graphile Worker, orders in groups', 'the shop, over HTTP'])
    expect(printed).toMatch(rowOf(contender));
  for (const transaction of ['per-batch', 'per-command'])
    for (const saga of ['by hand, %', 'palinode, %', 'palinode, %, over HTTP'])
      expect(printed).toMatch(rowOf(saga.replace('%', `${transaction} transactions`)));
  expect(figures()['results']).toHaveLength(10);
  expect(told).toMatch(/^orchestrator; socket writes a saga: [\d.]+ to PostgreSQL, [\d.]+ to the broker$/m);
});
