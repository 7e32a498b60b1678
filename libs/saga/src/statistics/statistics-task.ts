import { RecurringTask, type Log } from '../messaging';
import type { StatisticsStore } from './statistics-store';

export interface StatisticsTaskOptions {
  readonly log: Log;
  /** How often what sagas add is rolled up. @default 1000 */
  readonly everyMs?: number;
  /** How often old intervals are deleted, and the number of open sagas is checked; also at the start. @default 3600000 */
  readonly tidyEveryMs?: number;
}

/** Keeps the statistics. Safe in any number of instances. */
export class StatisticsTask {
  private readonly rollUp: RecurringTask;
  private readonly tidy: RecurringTask;

  constructor(store: StatisticsStore, { log, everyMs = 1_000, tidyEveryMs = 3_600_000 }: StatisticsTaskOptions) {
    this.rollUp = new RecurringTask({
      name: 'roll up the statistics of sagas',
      everyMs,
      work: () => store.rollUp(),
      log,
    });
    this.tidy = new RecurringTask({
      name: 'tidy the statistics of sagas',
      everyMs: tidyEveryMs,
      work: async () => {
        if (await store.repairOpen()) log.log('counted the sagas that have not ended anew');
        await store.deleteOld();
        return false;
      },
      log,
    });
  }

  start(): void {
    this.rollUp.start();
    this.tidy.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.rollUp.stop(), this.tidy.stop()]);
  }
}
