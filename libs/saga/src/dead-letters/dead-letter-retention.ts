import { RecurringTask, type Log } from '../messaging';
import type { DeadLetterStore } from './dead-letter-store';

const EVERY_MS = 60_000;
const BATCH = 500;

/**
 * Deletes dead letters some time after an operator has decided on them; open ones are kept. Logs how many are open when
 * the number has changed.
 */
export class DeadLetterRetention {
  private readonly task: RecurringTask;
  private open = 0;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly days: number,
    private readonly log: Log,
    everyMs = EVERY_MS,
  ) {
    this.task = new RecurringTask({ name: 'delete old dead letters', everyMs, work: () => this.run(), log });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  private async run(): Promise<boolean> {
    const open = await this.store.countOpen();
    if (open !== this.open) this.log.warn(`${open} dead letters wait for a decision`);
    this.open = open;
    const deleted = await this.store.deleteDecided(this.days, BATCH);
    if (deleted > 0)
      this.log.log(`deleted ${deleted} dead letters that were decided on more than ${this.days} days ago`);
    return deleted === BATCH;
  }
}
