/* What counts say in the words of the admin API. */
import type { CommandContract, Direction } from '../../contract';
import { stepsOf, type DefinitionRegistry } from '../../definition';
import { quantile, sumOf, type Counts, type Histogram, type IntervalCounts, type StepCounts } from '../../statistics';
import type { CompensatedByView, StepStatisticsView } from './statistics.view';

interface Quantiles {
  readonly p50?: number;
  readonly p99?: number;
}

export function quantilesOf(took: Histogram = {}): Quantiles {
  const p50 = quantile(took, 0.5);
  return p50 === undefined ? {} : { p50, p99: quantile(took, 0.99) };
}

/** How many sagas started, completed, were compensated and paused, and how long those took that ended. */
export function totalsOf({ started = 0, completed = 0, compensated = 0, paused = 0, took }: Counts) {
  return { started, completed, compensated, paused, ...quantilesOf(took) };
}

/** The steps of a definition, those that take longest first. */
export function stepStatisticsOf(
  registry: DefinitionRegistry,
  definition: string,
  { steps = {} }: Counts,
): StepStatisticsView[] {
  return Object.entries(steps)
    .flatMap(([step, directions]) =>
      Object.entries(directions).map(([direction, counts]) => ({
        definition,
        step,
        direction,
        command: commandOf(registry, definition, step, direction as Direction)?.name,
        ...stepTotalsOf(counts),
      })),
    )
    .toSorted(slowestFirst);
}

export function slowestFirst(a: Quantiles, b: Quantiles): number {
  return (b.p99 ?? -1) - (a.p99 ?? -1);
}

function stepTotalsOf({ succeeded = 0, refused = 0, failed = 0, unanswered = 0, took }: StepCounts) {
  const answered = succeeded + refused + failed;
  const all = answered + unanswered;
  const failureShare = all === 0 ? 0 : (failed + unanswered) / all;
  return { answered, refused, failed, unanswered, failureShare, ...quantilesOf(took) };
}

/** The most frequent first. */
export function compensatedByOf(
  registry: DefinitionRegistry,
  definition: string,
  { causes = {} }: Counts,
): CompensatedByView[] {
  return Object.entries(causes)
    .flatMap(([cause, steps]) =>
      Object.entries(steps).map(([step, count]) => ({
        definition,
        cause,
        step: step === '' ? undefined : step,
        command: commandOf(registry, definition, step, 'action')?.name,
        count,
      })),
    )
    .toSorted((a, b) => b.count - a.count);
}

/** The counts of each key, summed. */
export function sumsBy<Key>(
  counted: readonly IntervalCounts[],
  keyOf: (each: IntervalCounts) => Key,
  partOf = ({ counts }: IntervalCounts): Counts => counts,
): Map<Key, Counts> {
  const groups = new Map<Key, Counts[]>();
  for (const each of counted) {
    const group = groups.get(keyOf(each));
    if (group) group.push(partOf(each));
    else groups.set(keyOf(each), [partOf(each)]);
  }
  return new Map([...groups].map(([key, group]) => [key, sumOf(group)]));
}

/** As the newest version that has the step defines it; undefined when none does, or the step sends nothing. */
export function commandOf(
  registry: DefinitionRegistry,
  definition: string,
  step: string,
  direction: Direction,
): CommandContract | undefined {
  const versions = registry
    .all()
    .filter(({ name }) => name === definition)
    .toSorted((a, b) => b.version - a.version);
  for (const each of versions) {
    const found = stepsOf(each).find(({ name }) => name === step);
    if (found) return found[direction]?.command;
  }
  return undefined;
}
