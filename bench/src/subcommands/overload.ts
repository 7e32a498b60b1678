/*
 * `npm run overload`: the shop at half, at all and at twice its peak load. Orders arrive at a steady rate, independent
 * of earlier answers, and each latency counts from the scheduled arrival. The results are ratios within the run. Then a
 * participant is suspended, and the other services are measured.
 */
import { listOf, numberFrom, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { brokerKinds } from '@palinode/test-support/kafka/broker';
import { arrive, isTaken, latencyOf, type Arrival, type Arrivals } from '../arrivals';
import type { Answer } from '../http-client';
import { count } from '../measure/postgres';
import { mapValues } from '../measure/quantile';
import { pair, running, subcommand, table, using } from '../run';
import { Shop } from '../shop';

/** The share of the peak while a participant is suspended: low, to measure the other services and not the limits. */
const CALM = 0.3;
/** The first part of a level, while queues fill, does not count for the goodput. */
const SETTLING = 0.25;
/** At twice the peak and more, goodput must not fall below this share of the best. */
const GOODPUT_AT_LEAST = 0.9;

export const overload = subcommand('overload', 'Measures the shop at half, at all and at twice its peak load.')
  .option('--broker <kind>', brokerKinds.join(', '), oneOf(...brokerKinds), 'embedded')
  .option('--seconds <number>', 'how long each level lasts', numberFrom(1), 30)
  .option('--warm-up <number>', 'seconds of load before, which are not counted', numberFrom(0.1), 10)
  .option('--pending <number>', 'unfinished orders at which the next is rejected', wholeNumber(1), 500)
  .option('--customers <number>', 'the number of customers that find the peak', wholeNumber(1), 128)
  .option('--levels <numbers>', 'times the peak', listOf(numberFrom(0)), [0.5, 1, 2])
  .option('--stopped <number>', 'seconds for which payment is suspended; 0 skips it', numberFrom(0), 15)
  .action(
    running(async ({ broker, seconds, warmUp, pending, customers, ...options }, run) => {
      const levels: Level[] = [];
      const environment = { PENDING_ORDERS: String(pending) };
      const peak = await using(Shop.start({ broker, environment }), async (shop) => {
        await measurePeak(shop, customers, warmUp);
        const found = await measurePeak(shop, customers, seconds);
        run.progress(`peak: ${found.toFixed(0)} orders a second`);
        for (const times of options.levels) {
          const level = await runLevel(shop, `${times} × peak`, { perSecond: Math.round(times * found), seconds });
          run.progress(JSON.stringify(level));
          levels.push(level);
          run.record({ peak: found, levels });
        }
        return found;
      });
      run.print(
        `PENDING_ORDERS=${pending}; peak, customers who wait for the end: ${peak.toFixed(0)} orders a second`,
        levelTable(peak, levels),
        table(Object.keys(levels[0]?.memoryMb ?? {}), [
          ['memory, MB', (process) => process],
          ...levels.map(({ name, memoryMb }) => memoryColumn(name, memoryMb)),
        ]),
      );
      run.breaks(brokenPromises(peak, levels));
      if (options.stopped === 0) return;
      const calm = { perSecond: Math.max(5, Math.round(CALM * peak)), seconds: options.stopped };
      const stopped = await using(Shop.start({ broker }), async (shop) => {
        await measurePeak(shop, 16, warmUp);
        return stopPayment(shop, calm);
      });
      run.record({ stopped });
      run.print(...stoppedSections(stopped));
    }),
  );

/** The results of one steady rate of orders. */
export type Level = Awaited<ReturnType<typeof runLevel>>;

async function runLevel(shop: Shop, name: string, { perSecond, seconds }: Arrivals) {
  const before = { memory: shop.memoryMb(), ended: await shop.ended(), holds: await shop.holds() };
  const connections = shop.client.connections;
  const beginsAt = Date.now();
  const arrivals = await arrive(() => shop.order(), { perSecond, seconds });
  const memory = shop.memoryMb();
  const drainSeconds = await shop.drained();
  const taken = arrivals.filter(isTaken);
  const refused = arrivals.filter(({ status }) => status === 429);
  return {
    name,
    offeredPerSecond: perSecond,
    /** From when the level had settled to its last arrival. */
    endedPerSecond: await goodput(shop, beginsAt, seconds),
    taken: taken.length,
    /** The orders in the database; as many as were accepted. */
    written: (await shop.ended()) - before.ended,
    refused: refused.length,
    /** Other answers: there should be none. */
    other: arrivals.length - taken.length - refused.length,
    takenP50Ms: latencyOf(taken, 0.5),
    takenP99Ms: latencyOf(taken, 0.99),
    refusedP50Ms: latencyOf(refused, 0.5),
    refusedP99Ms: latencyOf(refused, 0.99),
    /** Connections that were opened; all other requests used kept-alive ones. */
    connections: shop.client.connections - connections,
    drainSeconds,
    /** Holds that were placed although every participant was healthy: load was mistaken for an outage. */
    falseHolds: (await shop.holds()) - before.holds,
    memoryMb: mapValues(before.memory, (mb, process) => ({ before: mb, after: memory[process] ?? 0 })),
  };
}

/**
 * A closed loop of customers, each with the next order when the previous one has ended. Resolves with the orders per
 * second.
 */
async function measurePeak(shop: Shop, customers: number, seconds: number): Promise<number> {
  const beginsAt = Date.now();
  const customer = async (): Promise<void> => {
    while (Date.now() < beginsAt + seconds * 1_000) await shop.order({ prefer: 'wait=30' });
  };
  await Promise.all(Array.from({ length: customers }, customer));
  await shop.drained();
  return goodput(shop, beginsAt, seconds);
}

async function goodput(shop: Shop, beginsAt: number, seconds: number): Promise<number> {
  const counted = (1 - SETTLING) * seconds;
  const endsAt = beginsAt + seconds * 1_000;
  return (await shop.endedBetween(new Date(endsAt - counted * 1_000), new Date(endsAt))) / counted;
}

const bestOf = (peak: number, levels: readonly Pick<Level, 'endedPerSecond'>[]): number =>
  Math.max(peak, ...levels.map(({ endedPerSecond }) => endedPerSecond));

/** The promises under overload that the shop did not keep. */
export function brokenPromises(peak: number, levels: readonly Level[]): string[] {
  const best = bestOf(peak, levels);
  return levels.flatMap(({ name, offeredPerSecond, endedPerSecond, taken, written, other }) => [
    ...(other > 0 ? [`${name}: ${other} answers were neither 202 nor 429`] : []),
    ...(other === 0 && written !== taken ? [`${name}: ${taken} orders were taken and ${written} written`] : []),
    ...(offeredPerSecond >= 1.9 * peak && endedPerSecond < GOODPUT_AT_LEAST * best
      ? [`${name}: ${endedPerSecond.toFixed(0)} orders ended a second, the best were ${best.toFixed(0)}`]
      : []),
  ]);
}

const levelTable = (peak: number, levels: readonly Level[]): string =>
  table(levels, [
    ['orders come', ({ name, offeredPerSecond }) => `${name}, ${offeredPerSecond}/s`],
    ['ended/s', ({ endedPerSecond }) => endedPerSecond.toFixed(0)],
    ['of the best', ({ endedPerSecond }) => `${((100 * endedPerSecond) / bestOf(peak, levels)).toFixed(0)} %`],
    ['taken', ({ taken }) => taken],
    ['refused (429)', ({ refused }) => refused],
    ['other', ({ other }) => other],
    ['taken p50, p99 ms', ({ takenP50Ms, takenP99Ms }) => pair(takenP50Ms, takenP99Ms)],
    [
      'refused p50, p99 ms',
      ({ refused, refusedP50Ms, refusedP99Ms }) => (refused === 0 ? '' : pair(refusedP50Ms, refusedP99Ms)),
    ],
    ['new connections', ({ connections }) => connections],
    ['drained in', ({ drainSeconds }) => `${drainSeconds.toFixed(1)} s`],
    ['false holds', ({ falseHolds }) => falseHolds],
  ]);

function memoryColumn(name: string, memoryMb: Level['memoryMb']): readonly [string, (process: string) => string] {
  return [`${name}: before, after`, (process) => pair(memoryMb[process]?.before ?? 0, memoryMb[process]?.after ?? 0)];
}

/** The effect of a suspended participant on others. */
type StoppedParticipant = Awaited<ReturnType<typeof stopPayment>>;

/** Suspends the payment service (SIGSTOP) while orders arrive, and measures the other services. */
async function stopPayment(shop: Shop, { perSecond, seconds }: Arrivals) {
  const { order, inventory, payment } = shop.stack.services;
  const orderId = await shop.anyOrderId();
  const questions: Readonly<Record<string, () => Promise<Answer>>> = {
    'accept an order': () => shop.order(),
    'read an order': () => shop.client.ask(`${order.url}/orders/${orderId}`),
    'read the stock of inventory': () => shop.client.ask(`${inventory.url}/stock/availability?sku=SKU-CUP&quantity=1`),
  };
  const askAll = () =>
    Promise.all(Object.values(questions).map(async (ask) => figuresOf(await arrive(ask, { perSecond, seconds }))));
  const reservations = (): Promise<number> =>
    count(shop.stack.databases.inventory, `SELECT count(*) FROM effects WHERE step = 'stock' AND direction = 'action'`);
  const before = await askAll();
  await shop.drained();
  const [rejectedBefore, reservedBefore] = [await shop.count('REJECTED'), await reservations()];
  const pid = payment.pid as number;
  process.kill(pid, 'SIGSTOP');
  const { answered, reserved } = await askAll()
    .then(async (figures) => ({ answered: figures, reserved: (await reservations()) - reservedBefore }))
    .finally(() => process.kill(pid, 'SIGCONT'));
  return {
    noticed: Object.keys(questions).map((what, index) => ({ what, before: before[index], meanwhile: answered[index] })),
    /** Orders during that time, and reservations of the other participant. */
    orders: Math.round(perSecond * seconds),
    reserved,
    drainSeconds: await shop.drained(),
    rejected: (await shop.count('REJECTED')) - rejectedBefore,
  };
}

const figuresOf = (arrivals: readonly Arrival[]) => ({
  well: arrivals.filter(isTaken).length,
  of: arrivals.length,
  p50Ms: latencyOf(arrivals, 0.5),
  p99Ms: latencyOf(arrivals, 0.99),
});

function stoppedSections({ noticed, orders, reserved, drainSeconds, rejected }: StoppedParticipant): string[] {
  const figures = (of?: ReturnType<typeof figuresOf>): string =>
    of === undefined ? '' : `${of.well} of ${of.of}, ${pair(of.p50Ms, of.p99Ms)}`;
  return [
    table(noticed, [
      ['payment is suspended', ({ what }) => what],
      ['before: well, p50, p99 ms', ({ before }) => figures(before)],
      ['meanwhile: well, p50, p99 ms', ({ meanwhile }) => figures(meanwhile)],
    ]),
    `Of ${orders} orders that came meanwhile, inventory reserved ${reserved} meanwhile; once payment went on, all ` +
      `had ended after ${drainSeconds.toFixed(1)} s, ${rejected} of them rejected.`,
  ];
}
