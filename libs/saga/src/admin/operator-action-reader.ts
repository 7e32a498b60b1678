import type { OperatorEvent } from '../engine';
import type { SagaStore } from '../store';
import { Conditions } from './conditions';
import type { OperatorActionView } from './operator-action.view';
import type { OperatorActionsQuery } from './operator-actions.query';

/** Reads the operator actions on sagas and holds. */
export class OperatorActionReader {
  constructor(private readonly store: SagaStore) {}

  /** Returns a page of actions, newest first, after the given id. */
  async list(
    { operator, action, saga, hold }: OperatorActionsQuery,
    after: string | undefined,
    limit: number,
  ): Promise<OperatorActionView[]> {
    const conditions = new Conditions()
      .add('operator =', operator)
      .add('action =', action)
      .add('saga_id =', saga)
      .add('hold_id =', hold)
      .add('id <', after);
    const { rows } = await this.store.pool.query<Row>(
      `SELECT id, at, operator, action, saga_id, seq, hold_id, event FROM ${this.store.tables.operator_action} ${conditions.where}
       ORDER BY id DESC LIMIT ${conditions.parameter(limit)}`,
      conditions.values,
    );
    return rows.map(viewOf);
  }
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly operator: string;
  readonly action: string;
  readonly saga_id: string | null;
  readonly seq: number | null;
  readonly hold_id: string | null;
  readonly event: string;
}

function viewOf({ id, at, operator, action, saga_id, seq, hold_id, event }: Row): OperatorActionView {
  const { kind: _kind, by: _by, ...said } = JSON.parse(event) as OperatorEvent;
  const to = hold_id === null ? { saga: saga_id ?? '', revision: seq ?? 0 } : { hold: hold_id };
  return { id, at: at.toISOString(), operator, action, ...said, ...to };
}
