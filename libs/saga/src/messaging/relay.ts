import type { Pool } from 'pg';
import { Acknowledged } from './acknowledged';
import { Batcher } from './batcher';
import type { Log } from './logger';
import { deleteOutbox, readOutbox, toMessage } from './outbox';
import type { Transport } from './transport';

const TIDY_AFTER_MS = 100;

/**
 * Publishes right after a service's own transaction has committed. It reads the rows back instead of trusting memory: a
 * COMMIT may have answered ROLLBACK without an error, and what was not committed is then simply not there.
 */
export class Relay {
  private readonly batcher: Batcher<string>;
  private readonly acknowledged = new Acknowledged();
  private tidying: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    private readonly log: Log,
  ) {
    this.batcher = new Batcher((ids) => this.flush(ids));
  }

  /** To be called after the commit. What cannot be sent now stays in the outbox for the sweeper. */
  publish(ids: readonly string[]): void {
    this.batcher.add(ids).catch((error: unknown) => this.log.warn(`left to the sweeper: ${String(error)}`));
  }

  /** Deletes what was acknowledged since the last flush. */
  async tidy(): Promise<void> {
    clearTimeout(this.tidying);
    this.tidying = undefined;
    await this.acknowledged.deleteWith((ids) => deleteOutbox(this.pool, ids));
  }

  private async flush(ids: readonly string[]): Promise<void> {
    const rows = await this.acknowledged.deleteWith((gone) => readOutbox(this.pool, ids, gone));
    await this.transport.publish(rows.map(toMessage));
    this.acknowledged.add(rows.map(({ id }) => id));
    this.tidying ??= setTimeout(() => {
      this.tidying = undefined;
      this.tidy().catch((error: unknown) => this.log.warn(`acknowledged rows stay for now: ${String(error)}`));
    }, TIDY_AFTER_MS);
  }
}
