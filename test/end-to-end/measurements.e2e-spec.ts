/*
 * Every command that measures runs through, as briefly as it can, and says what its documentation says it does. What it says
 * is not looked at: a figure from a second is none.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@palinode/test-support/repository';

const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), 'palinode-measurements-'));
const json = join(directory, 'figures.json');
const plans = join(directory, 'plans.md');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Resolves with what it prints, and with what it tells meanwhile; rejects when it fails. */
async function measured(command: string, ...args: string[]): Promise<{ printed: string; told: string }> {
  const program = join(repositoryRoot, 'dist/bench/src', command);
  const { stdout, stderr } = await run(process.execPath, [program, ...args], { timeout: 170_000, maxBuffer: 2 ** 26 });
  return { printed: stdout, told: stderr };
}

const rowOf = (first: string): RegExp => new RegExp(`^\\| +${first} +\\|.*\\d`, 'm');
const figures = (): Record<string, unknown> => JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;

it('bench: contenders, doors and transactions take turns, and it is told where the time goes', async () => {
  const brief = ['--seconds', '1', '--rounds', '1', '--warm-up', '0', '--in-flight', '4', '--declined', '0.1'];
  const files = ['--json', json, '--profile', join(directory, 'profiles')];
  const { printed, told } = await measured('main.js', ...brief, '--brokers', 'embedded', ...files);
  for (const contender of ['floor', 'Graphile Worker', 'Graphile Worker, orders in groups', 'the shop, over HTTP'])
    expect(printed).toMatch(rowOf(contender));
  for (const transaction of ['shared', 'own'])
    for (const saga of ['by hand, %', 'palinode, %', 'palinode, %, over HTTP'])
      expect(printed).toMatch(rowOf(saga.replace('%', `${transaction} transactions`)));
  expect(figures()['results']).toHaveLength(10);
  expect(told).toMatch(/^orchestrator; socket writes a saga: [\d.]+ to PostgreSQL, [\d.]+ to the broker$/m);
});

it('cost: a question is answered', async () => {
  const brief = ['--seconds', '1', '--rounds', '1', '--warm-up', '0'];
  const { printed } = await measured('cost.js', '--questions', 'payload', ...brief, '--json', json);
  for (const variant of ['1 KiB', '10 KiB', '100 KiB']) expect(printed).toMatch(rowOf(variant));
  expect(figures()['answers']).toHaveLength(1);
});

it('growth: two sizes are compared', async () => {
  const { printed } = await measured('growth.js', '--open', '1000,2000', '--herd', '1000', '--plans', plans);
  expect(printed).toMatch(rowOf('find and claim 100 due timers'));
  expect(printed).toMatch(rowOf('one saga with its history'));
  expect(readFileSync(plans, 'utf8')).toContain('Index Scan');
});

it('endurance: load, rest, and what retention gives back', async () => {
  const { printed } = await measured('endurance.js', '--minutes', '0.1', '--json', json, '--plans', plans);
  for (const line of ['at rest', 'orchestrator: saga', 'orchestrator: saga_history'])
    expect(printed).toMatch(rowOf(line));
  expect(figures()).toMatchObject({ broken: [] });
  expect(readFileSync(plans, 'utf8')).toContain('Index Scan');
});

it('latency: one order at a time', async () => {
  const { printed } = await measured('latency.js', '--orders', '3');
  expect(printed).toMatch(/^POST to COMPLETED: p50 \d+ ms, p95 \d+ ms$/m);
});

it('customer: two ways to take an order, and an inventory that fails them', async () => {
  const { printed } = await measured('customer.js', '--rate', '2', '--seconds', '1', '--rounds', '1');
  for (const state of ['is well', 'takes 200 ms more', 'takes 3000 ms more', 'dies half-way', 'is down'])
    expect(printed).toMatch(rowOf(`inventory ${state}`));
});

it('recovery: a part dies, and orders pile up', async () => {
  const brief = ['--rounds', '1', '--brokers', 'embedded', '--parts', 'broker', '--backlog', '20', '--json', json];
  const { printed } = await measured('recovery.js', ...brief);
  expect(printed).toMatch(rowOf('broker, embedded'));
  expect(printed).toMatch(/^20 orders, taken within .*: .* 20 approved, 0 rejected\.$/m);
  expect(figures()['recoveries']).toHaveLength(1);
});

it('overload: a level', async () => {
  const brief = ['--seconds', '2', '--customers', '8', '--levels', '0.5', '--stopped', '0', '--json', json];
  const { printed } = await measured('overload.js', ...brief);
  expect(printed).toMatch(/^\| 0\.5 × peak, \d+\/s \|/m);
  expect(figures()).toMatchObject({ levels: [{ other: 0 }] });
});
