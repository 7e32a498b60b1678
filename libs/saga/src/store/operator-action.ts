import type { PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { HistoryEntry, OperatorEvent } from '../engine';
import type { Tables } from '../messaging';

export interface RecordedAction {
  readonly sagaId: string;
  /** Its entry in the saga's history. */
  readonly entry: HistoryEntry;
  readonly event: OperatorEvent;
}

/** Records an operator's action in the transaction in which it takes effect. */
export async function recordAction(
  client: PoolClient,
  { operator_action }: Tables,
  { sagaId, entry: { seq, at }, event }: RecordedAction,
): Promise<void> {
  const insertion = `
    INSERT INTO ${operator_action} (id, at, operator, action, saga_id, seq, event)
    VALUES ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7)`;
  const values = [uuidV7(), at, event.by, event.kind, sagaId, seq, JSON.stringify(event)];
  await client.query(insertion, values);
}
