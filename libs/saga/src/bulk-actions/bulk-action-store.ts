/*
 * The tables of bulk actions. An item is settled in the transaction in which its action takes effect, on condition that
 * it is still pending and the bulk action is running. So no item is done twice, by whatever instances, and none is done
 * after a pause was answered. The lease only keeps instances from working on the same bulk action at once.
 */
import type { Pool, PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { millis, inTransaction, TABLES, type Tables } from '../messaging';
import { appendAction, type Actor } from '../operator-log';
import type {
  BulkAction,
  BulkActionItem,
  BulkActionStatus,
  BulkOrder,
  ItemStatus,
  Meant,
  ItemOutcome,
  Pace,
  Progress,
} from './bulk-action';
import { itemsIn, OUTCOME } from './outcome-sql';

/** How long an instance may work on a bulk action without renewing its lease; another one goes on after that. */
const LEASE = '10 seconds';

const COLUMNS = `id, operator, reason, request, request_id, status, why, total, canary, canary_passed, rate, stop_on_failure,
  failures_accepted, ${millis('created_at')} AS created_at, ${millis('ended_at')} AS ended_at`;

const ITEM = `target_id, item.status, ${millis('item.at')} AS at, item.reason, item.detail, item.revision, meant`;

export interface NewBulkAction extends Pace {
  readonly order: BulkOrder;
  readonly actor: Actor;
  readonly reason: string;
  /** The request as the operator gave it, without sensitive values. */
  readonly request: { readonly where?: object | undefined };
}

/** What a bulk action does to one item, beside `pending`. */
export interface Settled {
  readonly status: Exclude<ItemStatus, 'pending'>;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
  readonly revision?: number | undefined;
  readonly meant?: Meant | undefined;
}

/** The item is no longer pending, or its bulk action no longer runs: nothing of the transaction may remain. */
export class ItemNotPendingError extends Error {}

export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly bulkAction: BulkAction }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'cannot'; readonly bulkAction: BulkAction };

/** An item as a list shows it. */
export interface ItemOfList extends BulkActionItem {
  readonly outcome: ItemOutcome | undefined;
  /** The status of its saga or dead letter now. */
  readonly now: string | undefined;
}

export class BulkActionStore {
  constructor(
    readonly pool: Pool,
    private readonly tables: Tables = TABLES,
  ) {}

  /** Creates it with an item for each of these sagas or dead letters. */
  async create(
    { order, actor, reason, canary, rate, stopOnFailure, request }: NewBulkAction,
    targetIds: readonly string[],
  ): Promise<BulkAction> {
    const id = uuidV7();
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `INSERT INTO ${this.tables.bulk_action} (id, action, operator, reason, request, request_id, status, total, canary, rate, stop_on_failure)
         VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, $10) RETURNING ${COLUMNS}`,
        [
          id,
          order.action,
          actor.by,
          reason,
          JSON.stringify({ order: checkedAgain(order), where: request.where } satisfies StoredRequest),
          actor.requestId,
          targetIds.length,
          canary,
          rate,
          stopOnFailure,
        ],
      );
      await client.query(
        `INSERT INTO ${this.tables.bulk_action_item} (bulk_action_id, target_id) SELECT $1, unnest($2::uuid[])`,
        [id, targetIds],
      );
      await appendAction(client, this.tables, {
        actor,
        action: 'begin',
        target: 'bulk-action',
        targetId: id,
        details: { reason, request, after: { status: 'running', total: targetIds.length } },
      });
      return fromRow(rows[0] as Row);
    });
  }

  /** Those of these bulk actions that exist, the oldest first. */
  async withIds(ids: readonly string[]): Promise<BulkAction[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.tables.bulk_action} WHERE id = ANY ($1::uuid[]) ORDER BY id`,
      [ids],
    );
    return rows.map(fromRow);
  }

  async find(id: string): Promise<BulkAction | undefined> {
    const { rows } = await this.pool.query<Row>(`SELECT ${COLUMNS} FROM ${this.tables.bulk_action} WHERE id = $1`, [
      id,
    ]);
    return rows[0] && fromRow(rows[0]);
  }

  /** A page, the newest first, after the given id. */
  async list(status: BulkActionStatus | undefined, after: string | undefined, limit: number): Promise<BulkAction[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.tables.bulk_action}
       WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [status, after, limit],
    );
    return rows.map(fromRow);
  }

  /** The items in the order of their ids, after the given one. */
  async items(
    id: string,
    { status, outcome }: { readonly status?: ItemStatus | undefined; readonly outcome?: ItemOutcome | undefined },
    after: string | undefined,
    limit: number,
  ): Promise<ItemOfList[]> {
    const { rows } = await this.pool.query<ItemRow & { outcome: ItemOutcome | null; now: string | null }>(
      `SELECT * FROM (
         SELECT ${ITEM}, ${OUTCOME} AS outcome, coalesce(saga.status, letter.status) AS now FROM ${itemsIn(this.tables)}
         WHERE bulk_action_id = $1 AND ($2::uuid IS NULL OR target_id > $2) AND ($3::text IS NULL OR item.status = $3)
         ORDER BY target_id
       ) AS items WHERE $4::text IS NULL OR outcome = $4 LIMIT $5`,
      [id, after, status, outcome, limit],
    );
    return rows.map((row) => ({ ...fromItem(row), outcome: row.outcome ?? undefined, now: row.now ?? undefined }));
  }

  /** How many items of each of these bulk actions are where. */
  async progressOf(ids: readonly string[]): Promise<ReadonlyMap<string, Progress>> {
    const { rows } = await this.pool.query<{
      id: string;
      status: ItemStatus;
      outcome: ItemOutcome | null;
      count: number;
    }>(
      `SELECT bulk_action_id AS id, status, outcome, count(*)::int AS count FROM (
         SELECT bulk_action_id, item.status, ${OUTCOME} AS outcome FROM ${itemsIn(this.tables)} WHERE bulk_action_id = ANY ($1::uuid[])
       ) AS items GROUP BY 1, 2, 3`,
      [ids],
    );
    const progress = new Map(ids.map((id) => [id, noProgress()]));
    for (const { id, status, outcome, count } of rows) {
      const of = progress.get(id) ?? noProgress();
      of.items[status] += count;
      if (outcome !== null) of.outcomes[outcome] += count;
    }
    return progress;
  }

  /**
   * Those that are under way and that no other instance has a lease on, in turn, so that some that wait keep no others
   * from going on. The lease is this instance's from now on.
   */
  async claim(instance: string, limit: number): Promise<BulkAction[]> {
    const { rows } = await this.pool.query<Row>(
      `UPDATE ${this.tables.bulk_action} SET leased_by = $1, leased_until = clock_timestamp() + interval '${LEASE}'
       WHERE id = ANY (ARRAY (
         SELECT id FROM ${this.tables.bulk_action}
         WHERE status IN ('running', 'waiting')
           AND (leased_by = $1 OR leased_until IS NULL OR leased_until < clock_timestamp())
         ORDER BY leased_until NULLS FIRST, id LIMIT $2 FOR UPDATE SKIP LOCKED))
       RETURNING ${COLUMNS}`,
      [instance, limit],
    );
    return rows.map(fromRow);
  }

  /** Lets other instances go on at once with what this one worked on. */
  async giveBack(instance: string): Promise<void> {
    await this.pool.query(
      `UPDATE ${this.tables.bulk_action} SET leased_by = NULL, leased_until = NULL WHERE leased_by = $1`,
      [instance],
    );
  }

  /** The items whose turn comes next. */
  async pending(id: string, limit: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ target_id: string }>(
      `SELECT target_id FROM ${this.tables.bulk_action_item} WHERE bulk_action_id = $1 AND status = 'pending' ORDER BY target_id LIMIT $2`,
      [id, limit],
    );
    return rows.map(({ target_id }) => target_id);
  }

  /**
   * Settles an item in this transaction.
   *
   * @throws ItemNotPendingError when another instance has settled it, or the bulk action no longer runs
   */
  async settle(client: Pick<PoolClient, 'query'>, id: string, targetId: string, settled: Settled): Promise<void> {
    const { status, reason, detail, revision, meant } = settled;
    // The row of the bulk action is locked, so that a pause takes effect before or after this transaction.
    const { rowCount } = await client.query(
      `WITH running AS (SELECT id FROM ${this.tables.bulk_action} WHERE id = $1 AND status = 'running' FOR SHARE)
       UPDATE ${this.tables.bulk_action_item} SET status = $3, at = clock_timestamp(), reason = $4, detail = $5, revision = $6, meant = $7
       WHERE bulk_action_id = (SELECT id FROM running) AND target_id = $2 AND status = 'pending'`,
      [id, targetId, status, reason, detail, revision, meant],
    );
    if (rowCount !== 1) throw new ItemNotPendingError(`The item ${targetId} of the bulk action ${id} is not pending.`);
  }

  /** Changes the status of one that is under way; false when it no longer has the status that was read. */
  async proceed(
    { id, status: was }: Pick<BulkAction, 'id' | 'status'>,
    { status, why }: { readonly status: BulkActionStatus; readonly why?: string },
  ): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE ${this.tables.bulk_action} SET status = $3, why = $4, canary_passed = canary_passed OR $2 = 'waiting' AND $3 = 'running',
                              ended_at = CASE WHEN $3 = 'completed' THEN clock_timestamp() END
       WHERE id = $1 AND status = $2`,
      [id, was, status, why],
    );
    return rowCount === 1;
  }

  /** Changes its status for an operator, from one of these. */
  async change(
    id: string,
    action: 'pause' | 'resume' | 'stop',
    from: readonly BulkActionStatus[],
    { actor, reason, status }: { readonly actor: Actor; readonly reason: string; readonly status: BulkActionStatus },
  ): Promise<ChangeOutcome> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `SELECT ${COLUMNS} FROM ${this.tables.bulk_action} WHERE id = $1 FOR UPDATE`,
        [id],
      );
      const before = rows[0] && fromRow(rows[0]);
      if (before === undefined) return { kind: 'unknown' };
      if (!from.includes(before.status)) return { kind: 'cannot', bulkAction: before };
      const { rows: changed } = await client.query<Row>(
        `UPDATE ${this.tables.bulk_action} SET status = $2, why = $3, canary_passed = canary_passed OR $2 = 'running',
                failures_accepted = CASE WHEN $2 = 'running' THEN $4 ELSE failures_accepted END,
                ended_at = CASE WHEN $2 = 'stopped' THEN clock_timestamp() END, leased_by = NULL, leased_until = NULL
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, status, status === 'running' ? null : `${actor.by}: ${reason}`, await this.failuresOf(client, id)],
      );
      if (status === 'stopped')
        await client.query(
          `UPDATE ${this.tables.bulk_action_item} SET status = 'skipped', at = clock_timestamp(), reason = 'stopped',
                  detail = 'The bulk action was stopped before its turn came.'
           WHERE bulk_action_id = $1 AND status = 'pending'`,
          [id],
        );
      const details = { reason, before: { status: before.status, why: before.why }, after: { status } };
      await appendAction(client, this.tables, { actor, action, target: 'bulk-action', targetId: id, details });
      return { kind: 'changed', bulkAction: fromRow(changed[0] as Row) };
    });
  }

  /** How many items failed, or came to another end than was meant. */
  private async failuresOf(client: PoolClient, id: string): Promise<number> {
    const { rows } = await client.query<{ failures: number }>(
      `SELECT (count(*) FILTER (WHERE item.status = 'failed' OR ${OUTCOME} = 'otherwise'))::int AS failures
       FROM ${itemsIn(this.tables)} WHERE bulk_action_id = $1`,
      [id],
    );
    return rows[0]?.failures ?? 0;
  }
}

/** The order as it is stored. What does not change in a saga is not checked again before its turn, and may be sensitive. */
function checkedAgain(order: BulkOrder): BulkOrder {
  if (order.on !== 'sagas' || order.where === undefined) return order;
  return { ...order, where: { ...order.where, q: undefined, attribute: undefined } };
}

function noProgress(): { items: Record<ItemStatus, number>; outcomes: Record<ItemOutcome, number> } {
  return {
    items: { pending: 0, done: 0, skipped: 0, failed: 0 },
    outcomes: { pending: 0, 'as-meant': 0, otherwise: 0 },
  };
}

interface Row {
  readonly id: string;
  readonly operator: string;
  readonly reason: string;
  readonly request: string;
  readonly request_id: string | null;
  readonly status: BulkActionStatus;
  readonly why: string | null;
  readonly total: number;
  readonly canary: number | null;
  readonly canary_passed: boolean;
  readonly rate: number;
  readonly stop_on_failure: boolean;
  readonly failures_accepted: number;
  readonly created_at: number;
  readonly ended_at: number | null;
}

interface StoredRequest {
  readonly order: BulkOrder;
  readonly where?: object | undefined;
}

interface ItemRow {
  readonly target_id: string;
  readonly status: ItemStatus;
  readonly at: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly revision: number | null;
  readonly meant: Meant | null;
}

function fromRow(row: Row): BulkAction {
  const { id, operator: by, reason, status, total, rate } = row;
  const { order, where } = JSON.parse(row.request) as StoredRequest;
  return {
    id,
    order,
    where,
    by,
    reason,
    status,
    total,
    rate,
    requestId: row.request_id ?? undefined,
    createdAt: row.created_at,
    why: row.why ?? undefined,
    canary: row.canary ?? undefined,
    canaryPassed: row.canary_passed,
    stopOnFailure: row.stop_on_failure,
    failuresAccepted: row.failures_accepted,
    endedAt: row.ended_at ?? undefined,
  };
}

function fromItem({ target_id: targetId, status, at, reason, detail, revision, meant }: ItemRow): BulkActionItem {
  return {
    targetId,
    status,
    at: at ?? undefined,
    reason: reason ?? undefined,
    detail: detail ?? undefined,
    revision: revision ?? undefined,
    meant: meant ?? undefined,
  };
}
