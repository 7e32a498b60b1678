/*
 * Finds the sagas that are due. The timer table is small: a saga has one row, at the earliest wake-up it ever had, and
 * `wake_at` itself carries no index. A row that fires too early is moved by the saga's turn; a row of a saga that waits for
 * nothing any more is deleted when it fires.
 */
import type { PoolClient } from 'pg';
import { inTransaction } from '../messaging';
import { FIND_DUE } from './saga-statements';
import type { SagaStore } from './saga-store';

/** A claimed timer fires again after this, should its claimer die. */
const LEASE = '10 seconds';

export interface Claimed {
  /** The sagas to wake. */
  readonly due: string[];
  /** Whether there may be more timers that have fired, those of ended sagas among them. */
  readonly more: boolean;
}

export class DueTimers {
  constructor(private readonly store: SagaStore) {}

  /** Takes up to so many timers that have fired, the oldest first; nobody else gets them for ten seconds. */
  async claim(atMost: number): Promise<Claimed> {
    const { rows } = await this.store.pool.query({ name: 'palinode-any-due', text: `${FIND_DUE} LIMIT 1` });
    return rows.length === 0
      ? { due: [], more: false }
      : inTransaction(this.store.pool, (client) => this.take(client, atMost));
  }

  private async take(client: PoolClient, atMost: number): Promise<Claimed> {
    const { rows } = await client.query<{ saga_id: string }>(
      `${FIND_DUE} ORDER BY fire_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [atMost],
    );
    const ids = rows.map(({ saga_id }) => saga_id);
    // In statements of their own, so that they see what was committed before the rows were locked: a saga that was resumed
    // meanwhile keeps its timer, and one that is being resumed inserts it anew after this commit.
    await client.query(
      `DELETE FROM saga_timer WHERE saga_id = ANY ($1::uuid[])
       AND (SELECT wake_at FROM saga WHERE saga.id = saga_id) IS NULL`,
      [ids],
    );
    const claimed = await client.query<{ saga_id: string }>(
      `UPDATE saga_timer SET fire_at = clock_timestamp() + interval '${LEASE}' WHERE saga_id = ANY ($1::uuid[]) RETURNING saga_id`,
      [ids],
    );
    return { due: claimed.rows.map(({ saga_id }) => saga_id), more: ids.length === atMost };
  }
}
