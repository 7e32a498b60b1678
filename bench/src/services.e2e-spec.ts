/* The subcommands that start their own services and databases. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bench, directory, figures, plans, rowOf } from '../test/bench';

it('npm run bench measures each target, driver and transaction mode, and reports where the time goes', async () => {
  const brief = ['--seconds', '0.5', '--rounds', '1', '--warm-up', '0', '--in-flight', '4', '--declined', '0.1'];
  const profile = ['--profile', join(directory, 'profiles')];
  const { printed, progress } = await bench(...brief, '--brokers', 'embedded', ...profile);
  for (const target of ['floor', 'Graphile Worker', 'Graphile Worker, orders in groups', 'the shop, over HTTP'])
    expect(printed).toMatch(rowOf(target));
  for (const transaction of ['per-batch', 'per-command'])
    for (const saga of ['by hand, %', 'palinode, %', 'palinode, %, over HTTP'])
      expect(printed).toMatch(rowOf(saga.replace('%', `${transaction} transactions`)));
  expect(figures()).toMatchObject({ results: { length: 10 }, broken: [] });
  expect(progress).toMatch(/^orchestrator; socket writes a saga: [\d.]+ to PostgreSQL, [\d.]+ to the broker$/m);
});

it('npm run bench -- cost compares the variants of a question', async () => {
  const brief = ['--seconds', '1', '--rounds', '1', '--warm-up', '0', '--in-flight', '4'];
  const { printed } = await bench('cost', '--questions', 'payload', ...brief);
  for (const variant of ['1 KiB', '10 KiB', '100 KiB']) expect(printed).toMatch(rowOf(variant));
  expect(figures()['answers']).toHaveLength(1);
});

it('npm run bench -- endurance loads the services, lets them drain and reports what retention frees', async () => {
  const { printed } = await bench('endurance', '--minutes', '0.06', '--plans', plans);
  for (const line of ['at rest', 'orchestrator: saga', 'orchestrator: saga_history'])
    expect(printed).toMatch(rowOf(line));
  expect(figures()).toMatchObject({ broken: [] });
  expect(readFileSync(plans, 'utf8')).toContain('Index Scan');
});

it.each([
  ['per-command', 'off', 'success'],
  ['per-batch', '4s', 'success'],
])(
  'npm run bench -- slow-handler measures the others in %s transactions with handlerTimeout %s',
  async (kind, timeout, slow) => {
    const brief = ['--hang', '1', '--rounds', '1', '--warm-up', '1'];
    const { printed } = await bench('slow-handler', '--transaction', kind, '--timeout', timeout, ...brief);
    expect(printed).toMatch(/^one takes 1 s: the others are answered after p50 \d+ ms, p99 \d+ ms, at most \d+ ms$/m);
    expect(printed).toMatch(new RegExp(`^ {2}the slow one: ${slow} after \\d+ ms$`, 'm'));
  },
);
