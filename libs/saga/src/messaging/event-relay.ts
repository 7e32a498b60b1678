import type { Pool, PoolClient } from 'pg';
import { Acknowledged } from './acknowledged';
import { lead, nextEvents } from './event-outbox';
import type { Log } from './logger';
import { toMessage } from './outbox';
import { RecurringTask } from './recurring-task';
import type { Transport } from './transport';

/** How long an event of another instance, or of one that died, may wait; one's own leave at once. */
const EVERY_MS = 200;
const BATCH = 200;

/**
 * Publishes a service's events, for each key in the order of their commits. It runs in every instance; the one that holds a
 * lock of the database publishes for all, and when it dies the next one goes on.
 */
export class EventRelay {
  private readonly task: RecurringTask;
  private readonly acknowledged = new Acknowledged();
  private leader: PoolClient | undefined;
  private hasTopic = false;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    private readonly topic: string,
    log: Log,
    everyMs = EVERY_MS,
  ) {
    this.task = new RecurringTask({ name: 'publish events', everyMs, work: () => this.publishNext(), log });
  }

  start(): void {
    this.task.start();
  }

  /** To be called after a commit: there is something to publish. */
  hurry(): void {
    this.task.hurry();
  }

  async stop(): Promise<void> {
    await this.task.stop();
    this.resign();
  }

  private async publishNext(): Promise<boolean> {
    try {
      this.leader ??= await this.becomeLeader();
      return this.leader !== undefined && (await this.publishFrom(this.leader));
    } catch (error) {
      this.resign();
      throw error;
    }
  }

  private async publishFrom(leader: PoolClient): Promise<boolean> {
    const rows = await this.acknowledged.deleteWith((seqs) => nextEvents(leader, seqs, BATCH));
    if (rows.length === 0) return false;
    await this.transport.publish(rows.map(toMessage));
    this.acknowledged.add(rows.map(({ seq }) => seq));
    return true;
  }

  private async becomeLeader(): Promise<PoolClient | undefined> {
    if (!this.hasTopic) await this.transport.ensureTopics([this.topic]);
    this.hasTopic = true;
    const client = await this.pool.connect();
    const leads = await lead(client).catch((error: Error) => {
      client.release(error);
      throw error;
    });
    if (leads) return client;
    client.release();
    return undefined;
  }

  /** Closes the connection, and with it gives up the lock. */
  private resign(): void {
    this.leader?.release(true);
    this.leader = undefined;
  }
}
