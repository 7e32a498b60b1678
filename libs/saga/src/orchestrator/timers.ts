/*
 * Wakes sagas when something is due although no message came. The timer table is small: a saga has one row, at the earliest
 * wake-up it ever had, and `wake_at` itself carries no index. A row that fires too early is moved by the saga's turn; a row
 * of a saga that waits for nothing any more is deleted when it fires.
 */
import type { PoolClient } from 'pg';
import { inTransaction, RecurringTask, type Log } from '../messaging';
import type { SagaRunner } from './saga-runner';
import type { SagaStore } from './saga-store';

const EVERY_MS = 100;
const BATCH = 200;
/** A claimed timer fires again after this, should its claimer die. */
const LEASE = '10 seconds';

export class Timers {
  private readonly task: RecurringTask;

  constructor(
    private readonly store: SagaStore,
    private readonly runner: SagaRunner,
    log: Log,
  ) {
    this.task = new RecurringTask({ name: 'read the timers', everyMs: EVERY_MS, work: () => this.wake(), log });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  private async wake(): Promise<boolean> {
    const { due, more } = await this.claimDue();
    await this.runner.advance(due.map((sagaId) => ({ sagaId, event: { kind: 'time-passed' }, timerFired: true })));
    return more;
  }

  private async claimDue(): Promise<Claimed> {
    const { rows } = await this.store.pool.query({ name: 'palinode-any-due', text: `${DUE} LIMIT 1` });
    return rows.length === 0
      ? { due: [], more: false }
      : inTransaction(this.store.pool, (client) => this.claim(client));
  }

  private async claim(client: PoolClient): Promise<Claimed> {
    const { rows } = await client.query<{ saga_id: string }>(
      `${DUE} ORDER BY fire_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
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
    return { due: claimed.rows.map(({ saga_id }) => saga_id), more: ids.length === BATCH };
  }
}

interface Claimed {
  /** The sagas to wake. */
  readonly due: string[];
  /** Whether there may be more timers that have fired, those of ended sagas among them. */
  readonly more: boolean;
}

const DUE = 'SELECT saga_id FROM saga_timer WHERE fire_at <= clock_timestamp()';
