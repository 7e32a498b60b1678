import { RecurringTask, type Log } from '../messaging';
import type { SagaStore } from './saga-store';

/** A client of the live stream that was away for longer loads everything anew. */
export const STREAM_CHANGE_MINUTES = 60;
const BATCH = 5_000;

/** Deletes the notes of what changed when no client of the live stream needs them. Safe in any number of instances. */
export class StreamChangeRetention {
  private readonly task: RecurringTask;

  constructor(
    private readonly store: SagaStore,
    log: Log,
    everyMs = 60_000,
  ) {
    this.task = new RecurringTask({ name: 'delete old stream changes', everyMs, work: () => this.deleteSome(), log });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Deletes the oldest; resolves with whether there are more. */
  async deleteSome(): Promise<boolean> {
    const { stream_change } = this.store.tables;
    const { rowCount } = await this.store.pool.query(
      `DELETE FROM ${stream_change} WHERE ctid = ANY (ARRAY (
         SELECT ctid FROM (SELECT ctid, at FROM ${stream_change} ORDER BY xid LIMIT ${BATCH}) AS oldest
         WHERE at < clock_timestamp() - interval '${STREAM_CHANGE_MINUTES} minutes'))`,
    );
    return rowCount === BATCH;
  }
}
