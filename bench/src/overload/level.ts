import { serviceNames } from '@palinode/test-support/shop/services';
import { arrive, isTaken, type Arrival } from '../customer/arrivals';
import { memoryMbOf } from '../measure/memory';
import { quantile } from '../measure/quantile';
import type { Shop } from '../shop/shop';

/** What came of orders that came at one steady rate. */
export interface Level {
  readonly name: string;
  readonly offeredPerSecond: number;
  /** Orders that ended, a second, from when the level had settled to its last arrival. */
  readonly endedPerSecond: number;
  readonly taken: number;
  /** Orders that are in the database because of it; as many as were taken. */
  readonly written: number;
  readonly refused: number;
  /** Answers that were neither: there should be none. */
  readonly other: number;
  readonly takenP50Ms: number;
  readonly takenP99Ms: number;
  readonly refusedP50Ms: number;
  readonly refusedP99Ms: number;
  /** Connections that were opened for it; all other requests came by kept ones. */
  readonly connections: number;
  readonly drainSeconds: number;
  /** Holds that were placed although every participant was healthy: load was taken for an outage. */
  readonly falseHolds: number;
  readonly memoryMb: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
}

/** The first part of a level, while queues fill, does not count for its goodput. */
const SETTLING = 0.25;

export async function runLevel(
  shop: Shop,
  { name, perSecond, seconds }: { name: string; perSecond: number; seconds: number },
): Promise<Level> {
  const before = memory(shop);
  const connectionsBefore = shop.connections;
  const writtenBefore = await shop.ended();
  const holdsBefore = await shop.holds();
  const beginsAt = Date.now();
  const arriving = arrive(() => shop.order(), { perSecond, seconds });
  const arrivals = await arriving;
  const settledAt = beginsAt + SETTLING * seconds * 1_000;
  const endsAt = beginsAt + seconds * 1_000;
  const after = memory(shop);
  const drainSeconds = await shop.drained();
  const written = (await shop.ended()) - writtenBefore;
  const ended = await shop.endedBetween(new Date(settledAt), new Date(endsAt));
  const taken = arrivals.filter(isTaken);
  const refused = arrivals.filter(({ status }) => status === 429);
  const over = (these: readonly Arrival[], q: number): number =>
    quantile(
      these.map(({ latencyMs }) => latencyMs),
      q,
    );
  return {
    name,
    offeredPerSecond: perSecond,
    endedPerSecond: (ended * 1_000) / (endsAt - settledAt),
    taken: taken.length,
    written,
    refused: refused.length,
    other: arrivals.length - taken.length - refused.length,
    takenP50Ms: over(taken, 0.5),
    takenP99Ms: over(taken, 0.99),
    refusedP50Ms: over(refused, 0.5),
    refusedP99Ms: over(refused, 0.99),
    connections: shop.connections - connectionsBefore,
    drainSeconds,
    falseHolds: (await shop.holds()) - holdsBefore,
    memoryMb: Object.fromEntries(
      Object.entries(before).map(([process, mb]) => [process, { before: mb, after: after[process] ?? 0 }]),
    ),
  };
}

/** As many customers as given, each with the next order when the one before has ended. Resolves with the orders a second. */
export async function measurePeak(
  shop: Shop,
  { customers, seconds }: { customers: number; seconds: number },
): Promise<number> {
  const beginsAt = Date.now();
  const endsAt = beginsAt + seconds * 1_000;
  const customer = async (): Promise<void> => {
    while (Date.now() < endsAt) await shop.order({ prefer: 'wait=30' });
  };
  await Promise.all(Array.from({ length: customers }, customer));
  await shop.drained();
  const settledAt = beginsAt + SETTLING * seconds * 1_000;
  return ((await shop.endedBetween(new Date(settledAt), new Date(endsAt))) * 1_000) / (endsAt - settledAt);
}

function memory({ stack }: Shop): Record<string, number> {
  const pids: Record<string, number | undefined> = { ...stack.serverPids };
  for (const name of serviceNames) pids[name] = stack.services[name].pid;
  return Object.fromEntries(
    Object.entries(pids).flatMap(([name, pid]) => (pid === undefined ? [] : [[name, memoryMbOf(pid)]])),
  );
}
