import type { PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { HistoryEntry, OperatorEvent } from '../engine';

const INSERT_ACTION = `
  INSERT INTO operator_action (id, at, operator, action, saga_id, seq, event)
  VALUES ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7)`;

/**
 * Records an operator's action in the transaction in which it takes effect; `seq` is its number in the saga's history.
 */
export async function recordAction(
  client: PoolClient,
  sagaId: string,
  { seq, at }: HistoryEntry,
  event: OperatorEvent,
): Promise<void> {
  const values = [uuidV7(), at, event.by, event.kind, sagaId, seq, JSON.stringify(event)];
  await client.query(INSERT_ACTION, values);
}
