import { Conditions, type SagaStore } from '../store';
import type { OperatorActionView } from './operator-action.view';
import type { OperatorActionsQuery } from './operator-actions.query';

const COLUMNS = 'id, position::int, at, operator, action, target, target_id, saga_id, seq, bulk_action_id, event';

/** Reads what operators did. */
export class OperatorActionReader {
  constructor(private readonly store: SagaStore) {}

  /** Returns a page of actions, newest first, after the given id. */
  async list(
    { operator, action, target, saga, hold, deadLetter, fault, bulkAction }: OperatorActionsQuery,
    after: string | undefined,
    limit: number,
  ): Promise<OperatorActionView[]> {
    const conditions = new Conditions()
      .add('operator =', operator)
      .add('action =', action)
      .add('target =', target)
      .add('saga_id =', saga)
      .add(`target = 'hold' AND target_id =`, hold)
      .add(`target = 'dead-letter' AND target_id =`, deadLetter)
      .add(`target = 'fault' AND target_id =`, fault);
    if (bulkAction !== undefined) {
      const id = conditions.parameter(bulkAction);
      conditions.addWhole(`(bulk_action_id = ${id} OR target = 'bulk-action' AND target_id = ${id})`);
    }
    conditions.add('id <', after);
    const { rows } = await this.store.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.store.tables.operator_action} ${conditions.where}
       ORDER BY id DESC LIMIT ${conditions.parameter(limit)}`,
      conditions.values,
    );
    return rows.map(viewOf);
  }

  /** Those of these actions that exist, the oldest first. */
  async withIds(ids: readonly string[]): Promise<OperatorActionView[]> {
    const { rows } = await this.store.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.store.tables.operator_action} WHERE id = ANY ($1::uuid[]) ORDER BY position`,
      [ids],
    );
    return rows.map(viewOf);
  }
}

interface Row {
  readonly id: string;
  readonly position: number;
  readonly at: Date;
  readonly operator: string;
  readonly action: string;
  readonly target: string;
  readonly target_id: string | null;
  readonly saga_id: string | null;
  readonly seq: number | null;
  readonly bulk_action_id: string | null;
  readonly event: string;
}

function viewOf(row: Row): OperatorActionView {
  const { id, position, at, operator, action, target, target_id, saga_id, seq, bulk_action_id, event } = row;
  const { kind: _kind, by: _by, ...said } = JSON.parse(event) as Record<string, unknown>;
  const targetId = target_id ?? undefined;
  return {
    id,
    position,
    at: at.toISOString(),
    operator,
    action,
    target,
    ...said,
    saga: saga_id ?? undefined,
    revision: seq ?? undefined,
    hold: target === 'hold' ? targetId : undefined,
    deadLetter: target === 'dead-letter' ? targetId : undefined,
    fault: target === 'fault' ? targetId : undefined,
    bulkAction: bulk_action_id ?? (target === 'bulk-action' ? targetId : undefined),
  };
}
