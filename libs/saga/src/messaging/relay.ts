import type { Pool } from 'pg';
import { Batcher } from './batcher';
import type { Log } from './logger';
import { Acknowledged, Outbox, toMessage } from './outbox';
import { RecurringTask } from './recurring-task';
import { sleep } from './sleep';
import { inTransaction, type Sql } from './sql';
import type { Transport } from './transport';

const TIDY_AFTER_MS = 100;
/** Less than the age at which the sweeper takes a row for unsent. */
const KEEP_AFTER_MS = 1_000;
const MOST_WAITING = 10_000;

export interface RelayOptions {
  readonly log: Log;
  /** How many ids are kept while the broker is away. The sweeper finds the others in the outbox. @default 10000 */
  readonly mostWaiting?: number;
  /** @default the one of the tables without a schema and a prefix */
  readonly outbox?: Outbox;
}

/**
 * Publishes right after a service's own transaction has committed. It reads the rows back from the outbox, because a
 * COMMIT may have answered ROLLBACK without an error. A row is deleted when the receiver has acknowledged the message.
 * An acknowledgement by the broker is not enough, because a broker may lose its log.
 */
export class Relay {
  readonly outbox: Outbox;
  private readonly log: Log;
  private readonly mostWaiting: number;
  private readonly batcher: Batcher<string>;
  /** Acknowledged while the row is still in the outbox. */
  private readonly prompt = new Acknowledged();
  /** Acknowledged late, or published by another instance. */
  private readonly late = new Acknowledged();
  /** When each message that is not acknowledged was published, oldest first. */
  private readonly published = new Map<string, number>();
  private tidying: NodeJS.Timeout | undefined;
  private readonly sending = new Set<Promise<void>>();
  private waiting = 0;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    { log, mostWaiting = MOST_WAITING, outbox = new Outbox() }: RelayOptions,
  ) {
    this.log = log;
    this.mostWaiting = mostWaiting;
    this.outbox = outbox;
    this.batcher = new Batcher((ids) => this.publishBatch(ids));
  }

  /** To be called after the commit. Messages that cannot be sent now stay in the outbox for the sweeper. */
  publish(ids: readonly string[]): void {
    if (this.waiting + ids.length > this.mostWaiting) return;
    this.waiting += ids.length;
    const sending = this.batcher
      .add(ids)
      .catch((error: unknown) => this.log.warn(`left to the sweeper: ${String(error)}`))
      .finally(() => {
        this.waiting -= ids.length;
        this.sending.delete(sending);
      });
    this.sending.add(sending);
  }

  /** Resolves when nothing is on its way any more, at the latest after this time. */
  async drain(withinMs: number): Promise<void> {
    const enough = new AbortController();
    await Promise.race([Promise.all(this.sending), sleep(withinMs, enough.signal)]);
    enough.abort();
  }

  /** Takes the ids that the receiver has acknowledged. Another instance may have published them. */
  acknowledge(ids: readonly string[]): void {
    if (ids.length === 0) return;
    const prompt = new Set(ids.filter((id) => this.published.delete(id)));
    this.prompt.add([...prompt]);
    this.late.add(ids.filter((id) => !prompt.has(id)));
    this.tidying ??= setTimeout(() => {
      this.tidying = undefined;
      this.tidy().catch((error: unknown) => this.log.warn(`acknowledged rows stay for now: ${String(error)}`));
    }, TIDY_AFTER_MS);
  }

  /** Deletes acknowledged messages. In statements of its own: a read with them would have to wait for the WAL flush. */
  async tidy(): Promise<void> {
    clearTimeout(this.tidying);
    this.tidying = undefined;
    await this.prompt.deleteWith((ids) => this.outbox.delete(this.pool, ids));
    await this.late.deleteWith((ids) => this.outbox.forget(this.pool, ids));
  }

  /** Moves out of the outbox what waits for its acknowledgement for longer than this; it is due after the resend time. */
  async keep(resendAfterMs: number, afterMs = KEEP_AFTER_MS): Promise<void> {
    const kept = new Map<string, number>();
    for (const [id, at] of this.published) {
      if (performance.now() - at < afterMs) break;
      kept.set(id, at);
      this.published.delete(id);
    }
    try {
      await this.outbox.storeUnacknowledged(this.pool, [...kept.keys()], resendAfterMs);
    } catch (error) {
      for (const [id, at] of kept) this.published.set(id, at);
      throw error;
    }
  }

  private async publishBatch(ids: readonly string[]): Promise<void> {
    const rows = await this.outbox.read(this.pool, ids);
    await this.transport.publish(rows.map(toMessage));
    const now = performance.now();
    for (const { id } of rows) this.published.set(id, now);
  }
}

const OLDER_THAN_MS = 2_000;
const SWEEP_BATCH = 500;

export interface SweeperOptions {
  /** @default 1000 */
  readonly everyMs?: number;
  /** What becomes of the rows that the broker has. They are deleted by default. */
  readonly sent?: (sql: Sql, ids: readonly string[]) => Promise<void>;
  /** @default the one of the tables without a schema and a prefix */
  readonly outbox?: Outbox;
}

/**
 * Sends messages that were committed but not published, because the process that wrote them died or lost the broker:
 * rows older than two seconds, with SKIP LOCKED, so that every instance may sweep and none waits for another.
 */
export class Sweeper {
  private readonly task: RecurringTask;
  private readonly outbox: Outbox;
  private readonly sent: NonNullable<SweeperOptions['sent']>;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    private readonly log: Log,
    { everyMs = 1_000, sent, outbox = new Outbox() }: SweeperOptions = {},
  ) {
    this.outbox = outbox;
    this.sent = sent ?? ((sql, ids) => outbox.delete(sql, ids));
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
    const old = await this.outbox.findUnsent(this.pool, OLDER_THAN_MS, SWEEP_BATCH);
    if (old.length === 0) return false;
    return inTransaction(this.pool, async (client) => {
      const unsent = await this.outbox.lockUnsent(client, old);
      if (unsent.length === 0) return false;
      this.log.warn(`sweeping ${unsent.length} messages that were committed but not sent`);
      await this.transport.publish(unsent.map(toMessage));
      await this.sent(
        client,
        unsent.map(({ id }) => id),
      );
      return old.length === SWEEP_BATCH;
    });
  }
}

const RESEND_BATCH = 500;
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
 * Sends messages again, under the same id, that the broker has acknowledged and their receiver has not: the broker may
 * have lost them. Every instance does this, and none waits for another.
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

  /** Leaves the messages that wait for their acknowledgement to the other instances, and to the next start. */
  async stop(): Promise<void> {
    await this.task.stop();
    await this.relay.keep(this.afterMs, 0);
  }

  private async resend(): Promise<boolean> {
    await this.relay.keep(this.afterMs);
    return inTransaction(this.pool, async (client) => {
      const due = await this.relay.outbox.lockDue(client, RESEND_BATCH);
      if (due.length === 0) return false;
      this.log.warn(`sending ${due.length} messages again that nobody has acknowledged`);
      await this.transport.publish(due.map(({ message }) => message));
      const ids = due.map(({ id }) => id);
      await this.relay.outbox.postpone(client, ids, this.afterMs, LONGEST_MS);
      return due.length === RESEND_BATCH;
    });
  }
}
