/*
 * `npm run customer`: compares two ways to take the same order, synchronously and as a saga, while the inventory is
 * healthy, slow, and down. Customers arrive at a steady rate. Figures are medians over the rounds; the ways alternate.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { numberFrom, wholeNumber } from '@palinode/test-support/command-line';
import { arrive, isTaken, latencyOf, type Arrival } from '../arrivals';
import { groupBy, median } from '../measure/quantile';
import { running, subcommand, table, using } from '../run';
import { Shop } from '../shop';
import { ChainedCalls } from './chained-calls/way';
import { sagaWay, type Way } from './way';

/** Delays of the inventory: the second is longer than the chain waits for an answer and shorter than a saga's step does. */
const DELAYS_MS = [200, 3_000];

interface Scenario {
  readonly name: string;
  begin(way: Way): Promise<unknown>;
  end(way: Way): Promise<unknown>;
}

interface Observation {
  readonly scenario: string;
  readonly way: string;
  readonly arrivals: readonly Arrival[];
  readonly leftBehind: string;
}

const nothing = async (): Promise<void> => undefined;

const scenariosOf = (seconds: number): readonly Scenario[] => [
  { name: 'inventory is healthy', begin: nothing, end: nothing },
  ...DELAYS_MS.map((ms) => ({
    name: `inventory takes ${ms} ms more`,
    begin: (way: Way) => way.slowInventory(ms),
    end: (way: Way) => way.slowInventory(0),
  })),
  {
    name: 'inventory dies half-way',
    begin: async (way) => void sleep((seconds * 1_000) / 2).then(() => way.killInventory()),
    end: (way) => way.restartInventory(),
  },
  { name: 'inventory is down', begin: (way) => way.killInventory(), end: (way) => way.restartInventory() },
];

export const customer = subcommand('customer', 'Compares synchronous calls and a saga from a customer’s point of view.')
  .option('--rate <number>', 'orders a second', numberFrom(1), 20)
  .option('--seconds <number>', 'how long they arrive', numberFrom(0.1), 5)
  .option('--wait <seconds>', 'how long a customer with Prefer: wait waits', wholeNumber(1), 10)
  .option(
    '--rounds <number>',
    'the number of observations of each way in each state of the inventory',
    wholeNumber(1),
    3,
  )
  .action(
    running(async ({ rate, seconds, wait, rounds }, run) => {
      const scenarios = scenariosOf(seconds);
      const observe = async (scenario: Scenario, way: Way): Promise<Observation> => {
        await scenario.begin(way);
        const arrivals = await arrive(() => way.order(), { perSecond: rate, seconds });
        await scenario.end(way);
        return { scenario: scenario.name, way: way.name, arrivals, leftBehind: await way.leftBehind() };
      };
      const observations: Observation[] = [];
      await using(run.postgres(), (postgres) =>
        using(ChainedCalls.start(postgres), (chain) =>
          using(Shop.start(), async (shop) => {
            const prefer = `wait=${wait}`;
            const ways = [chain, sagaWay('saga, 202 at once', shop), sagaWay(`saga, Prefer: ${prefer}`, shop, prefer)];
            for (const way of ways) await observe({ name: 'warm-up', begin: nothing, end: nothing }, way);
            for (let round = 0; round < rounds; round += 1)
              for (const scenario of scenarios) for (const way of ways) observations.push(await observe(scenario, way));
          }),
        ),
      );
      run.print(`${rate} orders a second for ${seconds} s, ${rounds} rounds`, customerTable(observations));
      run.record({ observations });
    }),
  );

function customerTable(observations: readonly Observation[]): string {
  const groups = groupBy(observations, ({ scenario, way }) => `${scenario}/${way}`);
  const over = (group: readonly Observation[], figure: (arrivals: readonly Arrival[]) => number): string =>
    median(group.map(({ arrivals }) => figure(arrivals))).toFixed(0);
  return table(
    [...groups.values()],
    [
      ['inventory', ([first]) => first?.scenario ?? ''],
      ['way', ([first]) => first?.way ?? ''],
      ['answer p50', (group) => `${over(group, (arrivals) => latencyOf(arrivals, 0.5))} ms`],
      ['p99', (group) => `${over(group, (arrivals) => latencyOf(arrivals, 0.99))} ms`],
      ['taken', (group) => `${over(group, (all) => (100 * all.filter(isTaken).length) / all.length)} %`],
      ['left behind (last round)', (group) => group.at(-1)?.leftBehind ?? ''],
    ],
  );
}
