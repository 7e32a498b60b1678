import type { BrokerKind } from '@palinode/test-support/kafka/broker';
import { cellsFor, type Cell } from './crash-matrix';
import type { Extent } from './describe-chaos';
import { longOutages, shortOutages, type Outage } from './outages';

const COUNTS = [1, 2, 7];

/**
 * The size of a chaos run. CI: every point in every role once, and 36 kills; on Apache Kafka a sample. `npm run chaos`:
 * every point in every role for each count, and a thousand kills, on both brokers. `SEED` repeats a run's orders and
 * its choice of kills.
 */
export function extentOf(
  broker: BrokerKind,
  environment: NodeJS.ProcessEnv = process.env,
): Extent & {
  readonly commits: number;
  readonly times: number;
  readonly broken: { readonly kills: number; readonly losses: number };
  /** The rounds of {@link describeOutages}. */
  readonly outages: readonly (readonly Outage[])[];
  /** The brokers of these rounds. */
  readonly brokers: readonly BrokerKind[];
} {
  const long = environment['CHAOS'] === 'long';
  const all = cellsFor(COUNTS);
  const seed = Number(environment['SEED'] ?? Date.now() % 1_000_000);
  const kills = Number(environment['KILLS'] ?? (long ? 1_000 : broker === 'embedded' ? 36 : 10));
  const commits = Number(environment['COMMITS'] ?? (long ? 2_000 : 64));
  const few = broker === 'embedded' ? { kills: 3, losses: 2 } : { kills: 1, losses: 1 };
  return {
    seed,
    kills,
    commits,
    broken: long ? { kills: 40, losses: 20 } : few,
    times: long ? 10 : 1,
    outages: long ? longOutages : shortOutages,
    brokers: long ? ['embedded', 'apache'] : ['embedded'],
    cells: long ? all : broker === 'embedded' ? inTurns(all) : sample(all),
  };
}

/** One count for each point and role, by rotation, so that every role meets every count. */
function inTurns(cells: readonly Cell[]): Cell[] {
  return cells.filter((_, index) => index % COUNTS.length === Math.floor(index / COUNTS.length) % COUNTS.length);
}

/** The two most different points: committed but not published, and published but the offset not committed. */
function sample(cells: readonly Cell[]): Cell[] {
  return cells.filter(({ point, n }) => n === 1 && (point === 'after-commit' || point === 'after-publish'));
}
