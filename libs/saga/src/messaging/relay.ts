import type { Pool } from 'pg';
import { Acknowledged } from './acknowledged';
import { Batcher } from './batcher';
import type { Log } from './logger';
import { deleteOutbox, readOutbox, toMessage } from './outbox';
import { sleep } from './sleep';
import type { Transport } from './transport';
import { forget, keepUnacknowledged } from './unacknowledged';

const TIDY_AFTER_MS = 100;
/** Before the sweeper would take it for unsent. */
const KEEP_AFTER_MS = 1_000;
/** More than this is not remembered while the broker is away: it is in the outbox, where the sweeper finds it. */
const MOST_WAITING = 10_000;

/**
 * Publishes right after a service's own transaction has committed. It reads the rows back instead of trusting memory: a
 * COMMIT may have answered ROLLBACK without an error, and what was not committed is then simply not there. A row is deleted
 * when the message is acknowledged by its receiver; that the broker has it is not enough, for a broker may lose its log.
 */
export class Relay {
  private readonly batcher: Batcher<string>;
  /** Acknowledged while the row is still in the outbox. */
  private readonly prompt = new Acknowledged();
  /** Acknowledged late, or published by another instance. */
  private readonly late = new Acknowledged();
  /** When what is not acknowledged was published, oldest first. */
  private readonly published = new Map<string, number>();
  private tidying: NodeJS.Timeout | undefined;
  private readonly sending = new Set<Promise<void>>();
  private waiting = 0;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    private readonly log: Log,
    private readonly mostWaiting = MOST_WAITING,
  ) {
    this.batcher = new Batcher((ids) => this.publishBatch(ids));
  }

  /** To be called after the commit. What cannot be sent now stays in the outbox for the sweeper. */
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

  /** Resolves when nothing is on its way any more; while the broker is away only for so long. */
  async drain(withinMs: number): Promise<void> {
    const enough = new AbortController();
    await Promise.race([Promise.all(this.sending), sleep(withinMs, enough.signal)]);
    enough.abort();
  }

  /** Forgets what its receiver has, also where another instance published it. */
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

  /** Deletes what was acknowledged. Not with what is read to be sent, which would have to wait for the disk then. */
  async tidy(): Promise<void> {
    clearTimeout(this.tidying);
    this.tidying = undefined;
    await this.prompt.deleteWith((ids) => deleteOutbox(this.pool, ids));
    await this.late.deleteWith((ids) => forget(this.pool, ids));
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
      await keepUnacknowledged(this.pool, [...kept.keys()], resendAfterMs);
    } catch (error) {
      for (const [id, at] of kept) this.published.set(id, at);
      throw error;
    }
  }

  private async publishBatch(ids: readonly string[]): Promise<void> {
    const rows = await readOutbox(this.pool, ids);
    await this.transport.publish(rows.map(toMessage));
    const now = performance.now();
    for (const { id } of rows) this.published.set(id, now);
  }
}
