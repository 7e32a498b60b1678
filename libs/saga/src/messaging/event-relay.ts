import type { Pool, PoolClient } from 'pg';
import { EventOutbox } from './event-outbox';
import type { Log } from './logger';
import { Acknowledged, toMessage } from './outbox';
import { RecurringTask } from './recurring-task';
import type { Sql } from './sql';
import type { Transport } from './transport';

const BATCH = 200;
/** How often an idle leader checks the connection that holds its lock. */
const PING_EVERY_MS = 10_000;

export interface EventRelayOptions {
  /** The topic of the service's events. */
  readonly topic: string;
  readonly log: Log;
  /** How long an event of another instance, or of one that died, may wait; one's own leave at once. @default 200 */
  readonly everyMs?: number | undefined;
  /** @default the one of the tables without a schema and a prefix */
  readonly outbox?: EventOutbox;
}

/**
 * Publishes a service's events, for each key in the order of their commits. It runs in every instance. The leader,
 * which holds a lock of the database, publishes for all; when it dies the next instance takes over. The lock is held by
 * a transaction on a connection that does nothing else; the events are read on another one.
 */
export class EventRelay {
  readonly outbox: EventOutbox;
  private readonly topic: string;
  private readonly task: RecurringTask;
  private readonly acknowledged = new Acknowledged();
  private leader: PoolClient | undefined;
  private pingedAt = 0;
  private hasTopic = false;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    { topic, log, everyMs = 200, outbox = new EventOutbox() }: EventRelayOptions,
  ) {
    this.outbox = outbox;
    this.topic = topic;
    this.task = new RecurringTask({ name: 'publish events', everyMs, work: () => this.publishNext(), log });
  }

  start(): void {
    this.task.start();
  }

  /** Call this after a commit, when there is something to publish. */
  trigger(): void {
    this.task.trigger();
  }

  /** Why it does not work; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  async stop(): Promise<void> {
    await this.task.stop();
    this.resign();
  }

  private async publishNext(): Promise<boolean> {
    try {
      this.leader ??= await this.becomeLeader();
      if (this.leader === undefined) return false;
      await this.ping(this.leader);
      return await this.publishFrom(this.pool);
    } catch (error) {
      this.resign();
      throw error;
    }
  }

  private async publishFrom(sql: Sql): Promise<boolean> {
    const rows = await this.acknowledged.deleteWith((seqs) => this.outbox.next(sql, seqs, BATCH));
    if (rows.length === 0) return false;
    await this.transport.publish(rows.map(toMessage));
    this.acknowledged.add(rows.map(({ seq }) => seq));
    return true;
  }

  private async becomeLeader(): Promise<PoolClient | undefined> {
    if (!this.hasTopic) await this.transport.ensureTopics([this.topic]);
    this.hasTopic = true;
    if (!(await this.outbox.mayLead(this.pool))) return undefined;
    const client = await this.pool.connect();
    client.once('error', () => this.leader === client && this.resign());
    try {
      if (await this.outbox.lead(client)) {
        this.pingedAt = performance.now();
        return client;
      }
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
    client.release(true);
    return undefined;
  }

  /** Rejects when the connection that holds the lock is gone; a network device may have dropped it silently. */
  private async ping(leader: PoolClient): Promise<void> {
    if (performance.now() - this.pingedAt < PING_EVERY_MS) return;
    await leader.query('SELECT 1');
    this.pingedAt = performance.now();
  }

  /** Closes the connection, which releases the lock. */
  private resign(): void {
    this.leader?.release(true);
    this.leader = undefined;
  }
}
