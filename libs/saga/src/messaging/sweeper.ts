import type { Pool } from 'pg';
import type { Log } from './logger';
import { deleteOutbox, findUnsent, lockUnsent, toMessage } from './outbox';
import { RecurringTask } from './recurring-task';
import type { Sql } from './sql';
import { inTransaction } from './transaction';
import type { Transport } from './transport';

const OLDER_THAN_MS = 2_000;
const BATCH = 500;

export interface SweeperOptions {
  /** @default 1000 */
  readonly everyMs?: number;
  /** What becomes of the rows that the broker has. They are deleted by default. */
  readonly sent?: (sql: Sql, ids: readonly string[]) => Promise<void>;
}

/**
 * Sends what was committed but not published, because the process that wrote it died or lost the broker: rows older than
 * two seconds, with SKIP LOCKED, so that every instance may sweep and none waits for another.
 */
export class Sweeper {
  private readonly task: RecurringTask;
  private readonly sent: NonNullable<SweeperOptions['sent']>;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    private readonly log: Log,
    { everyMs = 1_000, sent = deleteOutbox }: SweeperOptions = {},
  ) {
    this.sent = sent;
    this.task = new RecurringTask({ name: 'sweep the outbox', everyMs, work: () => this.sweep(), log });
  }

  start(): void {
    this.task.start();
  }

  /** Why it does not do its work; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  private async sweep(): Promise<boolean> {
    const old = await findUnsent(this.pool, OLDER_THAN_MS, BATCH);
    if (old.length === 0) return false;
    return inTransaction(this.pool, async (client) => {
      const unsent = await lockUnsent(client, old);
      if (unsent.length === 0) return false;
      this.log.warn(`sweeping ${unsent.length} messages that were committed but not sent`);
      await this.transport.publish(unsent.map(toMessage));
      await this.sent(
        client,
        unsent.map(({ id }) => id),
      );
      return old.length === BATCH;
    });
  }
}
