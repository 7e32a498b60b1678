import type { DefinitionRegistry } from '../../definition';
import { time } from '../time';
import { WINDOWS, type StatisticsQuery } from './statistics.query';
import type { StatisticsView } from './statistics.view';

/** Reads what became of sagas over time. */
export class StatisticsReader {
  constructor(private readonly registry: DefinitionRegistry) {}

  /** Undefined when there is no such definition. */
  async read({ definition, window }: StatisticsQuery): Promise<StatisticsView | undefined> {
    if (definition !== undefined && this.registry.newest(definition) === undefined) return undefined;
    const { seconds, intervalSeconds } = WINDOWS[window];
    const to = Date.now();
    const intervals = seconds / intervalSeconds;
    const last = Math.floor(to / (intervalSeconds * 1_000));
    const series = Array.from({ length: intervals }, (_, index) => ({
      at: time((last - intervals + 1 + index) * intervalSeconds * 1_000),
      started: 0,
      completed: 0,
      compensated: 0,
      paused: 0,
    }));
    const from = series[0]?.at ?? time(to);
    return { definition, window, from, to: time(to), intervalSeconds, series, steps: [], compensatedBy: [] };
  }
}
