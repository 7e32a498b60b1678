import { RecurringTask, type Log } from '../messaging';
import { DueTimers, type SagaStore } from '../store';
import type { SagaRunner } from './saga-runner';

const EVERY_MS = 100;
const BATCH = 200;

/** Wakes sagas that are due although no message arrived, batch by batch. */
export class Timers {
  private readonly dueTimers: DueTimers;
  private readonly task: RecurringTask;

  constructor(
    store: SagaStore,
    private readonly runner: SagaRunner,
    log: Log,
  ) {
    this.dueTimers = new DueTimers(store);
    this.task = new RecurringTask({ name: 'read the timers', everyMs: EVERY_MS, work: () => this.wake(), log });
  }

  start(): void {
    this.task.start();
  }

  /** Why it does not work; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  private async wake(): Promise<boolean> {
    const { due, more } = await this.dueTimers.claim(BATCH);
    await this.runner.advance(due.map((sagaId) => ({ sagaId, event: { kind: 'time-passed' }, timerFired: true })));
    return more;
  }
}
