import type { PoolClient } from 'pg';
import type { HistoryEntry, OperatorEvent, SagaState } from '../engine';
import type { Tables } from '../messaging';
import { appendAction, originOf, type Origin } from '../operator-log';

/** What an operator requested: an event of theirs, or a signal. */
export type RequestedAction =
  | OperatorEvent
  | {
      readonly kind: 'signal';
      readonly by: string;
      readonly reason?: string | undefined;
      readonly signal: string;
      readonly payload: unknown;
    };

export interface SagaAction extends Origin {
  readonly requested: RequestedAction;
  /** Its entry in the saga's history. */
  readonly entry: HistoryEntry;
  readonly before: SagaState;
  readonly after: SagaState;
  /** The bulk action of which it is part. */
  readonly bulkActionId?: string | undefined;
}

/** Records an operator's action on a saga in the transaction in which it takes effect. */
export async function recordAction(client: PoolClient, tables: Tables, action: SagaAction): Promise<void> {
  const { requested, entry, before, after, bulkActionId } = action;
  const { kind, by, ...details } = requested;
  await appendAction(client, tables, {
    actor: { by, ...originOf(action) },
    action: kind,
    target: 'saga',
    targetId: after.id,
    sagaId: after.id,
    seq: entry.seq,
    at: entry.at,
    bulkActionId,
    details: { ...details, before: standing(before), after: standing(after) },
  });
}

/** How a saga stands, in short. */
function standing({ status, pause }: SagaState): object {
  return { status, pause: pause && { reason: pause.reason, step: pause.step } };
}
