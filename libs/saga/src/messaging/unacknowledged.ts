/*
 * Messages that the broker has acknowledged and whoever they are for has not. A broker may lose what it acknowledged, so
 * they are kept until they are acknowledged at the other end, and sent again now and then, always under the same id. Nearly
 * all are acknowledged while their rows are still in the outbox: only those that take longer move here.
 */
import { toMessage, type OutboxRow } from './outbox';
import type { Sql } from './sql';
import type { OutgoingMessage } from './transport';

export const UNACKNOWLEDGED_TABLE = `
  CREATE TABLE unacknowledged (
    id uuid PRIMARY KEY,
    topic text NOT NULL,
    key text NOT NULL,
    payload text NOT NULL,
    sent int NOT NULL DEFAULT 1,
    due_at timestamptz NOT NULL
  )`;
export const UNACKNOWLEDGED_BY_TIME = 'CREATE INDEX unacknowledged_by_time ON unacknowledged (due_at)';

/** Moves rows that were published, and not acknowledged since, out of the outbox; they are due after the resend time. */
export async function keepUnacknowledged(sql: Sql, ids: readonly string[], resendAfterMs: number): Promise<void> {
  if (ids.length === 0) return;
  await sql.query({
    text: `WITH published AS (DELETE FROM outbox WHERE id = ANY ($1::uuid[]) RETURNING id, topic, key, payload)
           INSERT INTO unacknowledged (id, topic, key, payload, due_at)
           SELECT id, topic, key, payload, clock_timestamp() + $2 * interval '1 ms' FROM published
           ON CONFLICT (id) DO NOTHING`,
    values: [ids, resendAfterMs],
  });
}

/** Forgets what was acknowledged, wherever it is kept. */
export async function forget(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query({
    text: `WITH published AS (DELETE FROM outbox WHERE id = ANY ($1::uuid[]))
           DELETE FROM unacknowledged WHERE id = ANY ($1::uuid[])`,
    values: [ids],
  });
}

/** Locks what is due and nobody else is sending, what waits longest first. */
export async function lockDue(sql: Sql, limit: number): Promise<{ id: string; message: OutgoingMessage }[]> {
  const { rows } = await sql.query({
    name: 'palinode-lock-due',
    text: `SELECT id, topic, key, payload FROM unacknowledged WHERE due_at <= statement_timestamp()
           ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    values: [limit],
  });
  return (rows as OutboxRow[]).map((row) => ({ id: row.id, message: toMessage(row) }));
}

/** They were sent once more: each time the resend time doubles, up to the longest. */
export async function putOff(
  sql: Sql,
  ids: readonly string[],
  resendAfterMs: number,
  longestMs: number,
): Promise<void> {
  await sql.query({
    text: `UPDATE unacknowledged SET sent = sent + 1,
                  due_at = clock_timestamp() + least($2 * 2 ^ least(sent, 30), $3) * interval '1 ms'
           WHERE id = ANY ($1::uuid[])`,
    values: [ids, resendAfterMs, longestMs],
  });
}
