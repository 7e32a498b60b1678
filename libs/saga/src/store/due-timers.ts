/*
 * Finds the sagas that are due. The timer table is small: a saga has one row, at its earliest wake-up, and `wake_at`
 * has no index. When a row fires too early, applying the timer moves it; a row of a saga that no longer waits is
 * deleted when it fires.
 *
 * Deleted rows stay in the index until a vacuum, and a vacuum waits for the oldest open transaction, such as a backup.
 * To avoid reading hundreds of thousands of dead entries ten times a second, most scans go back only ten seconds. Older
 * timers were found by an earlier scan. A full scan finds any that were missed, twice a minute, and at once when scans
 * have failed or did not keep up.
 */
import type { PoolClient } from 'pg';
import { inTransaction } from '../messaging';
import type { SagaStore } from './saga-store';

/** A claimed timer fires again after this time if its claimer dies. */
const LEASE = '10 seconds';
const FULL_EVERY_MS = 30_000;
/** Half of how far the partial scans go back. */
const KEEPS_UP_WITHIN_MS = 5_000;

export interface Claimed {
  /** The sagas to wake. */
  readonly due: string[];
  /** Whether there may be more timers that have fired, including those of ended sagas. */
  readonly more: boolean;
}

export class DueTimers {
  private scannedAt = Number.NEGATIVE_INFINITY;
  private fullScanAt = Number.NEGATIVE_INFINITY;
  private more = false;
  private readonly full: Scan;
  private readonly recent: Scan;

  constructor(
    private readonly store: SagaStore,
    /** A monotonic clock; not the time of day. */
    private readonly elapsedMs = (): number => performance.now(),
  ) {
    this.full = { name: 'palinode-any-due', find: store.statements.findDue };
    this.recent = { name: 'palinode-any-recently-due', find: store.statements.findRecentlyDue };
  }

  /** Claims up to `limit` timers that have fired, the oldest first, for ten seconds. */
  async claim(limit: number): Promise<Claimed> {
    const begunAt = this.elapsedMs();
    const isFull =
      this.more || begunAt - this.scannedAt > KEEPS_UP_WITHIN_MS || begunAt - this.fullScanAt > FULL_EVERY_MS;
    const claimed = await this.scan(isFull ? this.full : this.recent, limit);
    this.more = claimed.more;
    this.scannedAt = begunAt;
    if (isFull) this.fullScanAt = begunAt;
    return claimed;
  }

  private async scan({ name, find }: Scan, limit: number): Promise<Claimed> {
    const { rows } = await this.store.pool.query({ name, text: `${find} LIMIT 1` });
    return rows.length === 0
      ? { due: [], more: false }
      : inTransaction(this.store.pool, (client) => this.take(client, find, limit));
  }

  private async take(client: PoolClient, find: string, limit: number): Promise<Claimed> {
    const { rows } = await client.query<{ saga_id: string }>(
      `${find} ORDER BY fire_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit],
    );
    const ids = rows.map(({ saga_id }) => saga_id);
    const { saga, saga_timer } = this.store.tables;
    // Separate statements, so that they see what was committed before the rows were locked. A saga that was resumed in
    // the meantime keeps its timer; one that is being resumed inserts it again after this commit.
    await client.query(
      `DELETE FROM ${saga_timer} AS timer WHERE saga_id = ANY ($1::uuid[])
       AND (SELECT wake_at FROM ${saga} AS saga WHERE saga.id = timer.saga_id) IS NULL`,
      [ids],
    );
    const claimed = await client.query<{ saga_id: string }>(
      `UPDATE ${saga_timer} SET fire_at = clock_timestamp() + interval '${LEASE}' WHERE saga_id = ANY ($1::uuid[]) RETURNING saga_id`,
      [ids],
    );
    return { due: claimed.rows.map(({ saga_id }) => saga_id), more: ids.length === limit };
  }
}

interface Scan {
  readonly name: string;
  readonly find: string;
}
