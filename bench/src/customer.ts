/*
 * `npm run customer`: what a customer notices of two ways to take the same order, synchronous and as a saga, while the
 * inventory is well, slow, and away. Customers come at a steady rate. Figures are medians over the rounds; the ways take turns.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLine, numberFrom, wholeNumber } from '@palinode/test-support/command-line';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { arrive, isTaken, type Arrival } from './customer/arrivals';
import { ChainWay } from './customer/chain/way';
import { SagaWay } from './customer/saga-way';
import type { Way } from './customer/way';
import { markdownTable } from './markdown-table';
import { machine } from './measure/machine';
import { median, quantile } from './measure/quantile';

const options = commandLine(
  'npm run customer --',
  'Measures what a customer notices of synchronous calls and of a saga.',
)
  .option('--rate <number>', 'orders a second', numberFrom(1), 20)
  .option('--seconds <number>', 'for how long they come', numberFrom(1), 5)
  .option('--rounds <number>', 'how often each way has its turn', wholeNumber(1), 3)
  .parse()
  .opts();

const arrivals = { perSecond: options.rate, seconds: options.seconds };
const SLOW_MS = 200;
/** Longer than the chain waits for an answer, shorter than a saga's step does. */
const TOO_SLOW_MS = 3_000;

interface Scenario {
  readonly name: string;
  begin(way: Way): Promise<void>;
  end(way: Way): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

const scenarios: readonly Scenario[] = [
  { name: 'inventory is well', begin: nothing, end: nothing },
  ...[SLOW_MS, TOO_SLOW_MS].map((ms) => ({
    name: `inventory takes ${ms} ms more`,
    begin: (way: Way) => way.slowInventory(ms),
    end: (way: Way) => way.slowInventory(0),
  })),
  {
    name: 'inventory dies half-way',
    begin: async (way) => void pause((arrivals.seconds * 1_000) / 2).then(() => way.killInventory()),
    end: (way) => way.restartInventory(),
  },
  { name: 'inventory is down', begin: (way) => way.killInventory(), end: (way) => way.restartInventory() },
];

interface Run {
  readonly scenario: string;
  readonly way: string;
  readonly answers: readonly Arrival[];
  readonly left: string;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-bench-'));
  const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
  const ways: Way[] = [];
  try {
    ways.push(await ChainWay.start(postgres), ...(await SagaWay.start()));
    const runs: Run[] = [];
    for (const way of ways) await run({ name: 'warm-up', begin: nothing, end: nothing }, way);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const scenario of scenarios) for (const way of ways) runs.push(await run(scenario, way));
    }
    print(runs);
  } finally {
    for (const way of ways) await way.stop();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(scenario: Scenario, way: Way): Promise<Run> {
  await scenario.begin(way);
  const answers = await arrive(() => way.order(), arrivals);
  await scenario.end(way);
  return { scenario: scenario.name, way: way.name, answers, left: await way.leftBehind() };
}

function print(runs: readonly Run[]): void {
  console.log(
    `${machine()}; ${arrivals.perSecond} orders a second for ${arrivals.seconds} s, ${options.rounds} rounds\n`,
  );
  const ways = [...new Set(runs.map(({ way }) => way))];
  const rows = scenarios.flatMap(({ name }) =>
    ways.map((way) => {
      const rounds = runs.filter((each) => each.scenario === name && each.way === way);
      const over = (figure: (answers: readonly Arrival[]) => number): string =>
        median(rounds.map(({ answers }) => figure(answers))).toFixed(0);
      const p50 = over((answers) => quantile(answers.map(latencyOf), 0.5));
      const p99 = over((answers) => quantile(answers.map(latencyOf), 0.99));
      const taken = over((answers) => (100 * answers.filter(isTaken).length) / answers.length);
      return [name, way, `${p50} ms`, `${p99} ms`, `${taken} %`, rounds.at(-1)?.left ?? ''];
    }),
  );
  const head = ['inventory', 'way', 'answer p50', 'p99', 'taken', 'left behind (last round)'];
  console.log(markdownTable(head, rows));
}

const latencyOf = ({ latencyMs }: Arrival): number => latencyMs;

void main();
