import type { DefinitionRegistry } from '../../definition';
import { timeOf, type Sql } from '../../messaging';
import type { IntervalCounts, StatisticsStore } from '../../statistics';
import { time } from '../time';
import { WINDOWS, type StatisticsQuery } from './statistics.query';
import type { StatisticsPointView, StatisticsView } from './statistics.view';
import { compensatedByOf, slowestFirst, stepStatisticsOf, sumsBy, totalsOf } from './summaries';

/** Reads what became of sagas over time. */
export class StatisticsReader {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly statistics: StatisticsStore,
    private readonly database: Sql,
  ) {}

  /** Undefined when there is no such definition: none is registered, and no saga of it has been counted. */
  async read({ definition, window }: StatisticsQuery): Promise<StatisticsView | undefined> {
    const { seconds, intervalSeconds } = WINDOWS[window];
    const intervalMs = 1_000 * intervalSeconds;
    const to = await timeOf(this.database);
    const last = Math.floor(to / intervalMs) * intervalMs;
    const from = last - 1_000 * seconds + intervalMs;
    const counted = await this.statistics.read(intervalSeconds, from, definition);
    const isKnown = definition === undefined || this.registry.newest(definition) !== undefined || counted.length > 0;
    if (!isKnown) return undefined;
    const sums = [...sumsBy(counted, (each) => each.definition)];
    return {
      definition,
      window,
      from: time(from),
      to: time(to),
      intervalSeconds,
      series: seriesOf(counted, from, last, intervalMs),
      steps: sums.flatMap(([name, sum]) => stepStatisticsOf(this.registry, name, sum)).toSorted(slowestFirst),
      compensatedBy: sums
        .flatMap(([name, sum]) => compensatedByOf(this.registry, name, sum))
        .toSorted((a, b) => b.count - a.count),
    };
  }
}

function seriesOf(
  counted: readonly IntervalCounts[],
  from: number,
  last: number,
  intervalMs: number,
): StatisticsPointView[] {
  // Steps and causes are of the whole window.
  const sums = sumsBy(
    counted,
    ({ at }) => at,
    ({ counts: { steps: _steps, causes: _causes, ...totals } }) => totals,
  );
  const series: StatisticsPointView[] = [];
  for (let at = from; at <= last; at += intervalMs) series.push({ at: time(at), ...totalsOf(sums.get(at) ?? {}) });
  return series;
}
