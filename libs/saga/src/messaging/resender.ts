import type { Pool } from 'pg';
import type { Log } from './logger';
import { RecurringTask } from './recurring-task';
import type { Relay } from './relay';
import { inTransaction } from './transaction';
import type { Transport } from './transport';
import { lockDue, putOff } from './unacknowledged';

const BATCH = 500;
const LONGEST_MS = 3_600_000;

export const RESEND_AFTER_MS = 30_000;

export interface ResenderOptions {
  readonly log: Log;
  /** How long a message may be without its receiver's acknowledgement before it is sent again. @default 30000 */
  readonly afterMs?: number | undefined;
  /** @default 500 */
  readonly everyMs?: number;
}

/**
 * Sends again, under the same id, what the broker has had for a while and its receiver has not acknowledged: the broker may
 * have lost it. Every instance does this, and none waits for another.
 */
export class Resender {
  private readonly task: RecurringTask;
  private readonly log: Log;
  private readonly afterMs: number;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    private readonly relay: Relay,
    { log, afterMs = RESEND_AFTER_MS, everyMs = 500 }: ResenderOptions,
  ) {
    this.log = log;
    this.afterMs = afterMs;
    const work = (): Promise<boolean> => this.resend();
    this.task = new RecurringTask({ name: 'send again what is not acknowledged', everyMs, work, log });
  }

  start(): void {
    this.task.start();
  }

  /** Why it does not do its work; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  /** What waits for its acknowledgement is left to whoever comes next. */
  async stop(): Promise<void> {
    await this.task.stop();
    await this.relay.keep(this.afterMs, 0);
  }

  private async resend(): Promise<boolean> {
    await this.relay.keep(this.afterMs);
    return inTransaction(this.pool, async (client) => {
      const due = await lockDue(client, BATCH);
      if (due.length === 0) return false;
      this.log.warn(`sending ${due.length} messages again that nobody has acknowledged`);
      await this.transport.publish(due.map(({ message }) => message));
      const ids = due.map(({ id }) => id);
      await putOff(client, ids, this.afterMs, LONGEST_MS);
      return due.length === BATCH;
    });
  }
}
