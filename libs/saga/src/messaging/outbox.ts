/*
 * The outbox holds the messages that are not sent yet. A row is written in the transaction that decides on the message,
 * and deleted when the broker has acknowledged it. There is no cursor, which could pass by a row that commits late, and
 * no NOTIFY, whose commit lock serialises all writers.
 *
 * Starts and signals stay until the orchestrator has acknowledged them, because the broker may lose what it
 * acknowledged. Nearly all are acknowledged while their rows are in the outbox. The others move to the table
 * `unacknowledged` and are sent again from there, always under the same id.
 */
import { CONTENT_TYPE } from '../contract';
import { uuidArray } from './array-column';
import type { Sql } from './sql';
import type { OutgoingMessage } from './transport';

export const OUTBOX_TABLE = `
  CREATE TABLE IF NOT EXISTS outbox (
    id uuid PRIMARY KEY,
    topic text NOT NULL,
    key text NOT NULL,
    payload text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

export interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

export const INSERT_OUTBOX = 'INSERT INTO outbox (id, topic, key, payload) VALUES ($1, $2, $3, $4)';

/** Reads the rows that are committed by now. */
export async function readOutbox(sql: Sql, ids: readonly string[]): Promise<OutboxRow[]> {
  const { rows } = await sql.query({
    name: 'palinode-read-outbox',
    text: 'SELECT id, topic, key, payload FROM outbox WHERE id = ANY($1::uuid[]) ORDER BY id',
    values: [uuidArray(ids)],
  });
  return rows as OutboxRow[];
}

export async function deleteOutbox(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query({
    name: 'palinode-delete-outbox',
    text: 'DELETE FROM outbox WHERE id = ANY($1::uuid[])',
    values: [uuidArray(ids)],
  });
}

/**
 * The ids of rows that are older than this, by the database's time, and that no other instance is sending. The time in
 * a row's id does not count: it is by the clock of a process, and a command that is sent again keeps its id. A row
 * written long ago may have been committed just now, by a transaction that has not waited for the WAL flush; the
 * message to the WAL makes this statement wait for it.
 */
export async function findUnsent(sql: Sql, olderThanMs: number, limit: number): Promise<string[]> {
  const { rows } = await sql.query({
    name: 'palinode-find-unsent',
    text: `WITH old AS MATERIALIZED (
             SELECT id FROM outbox WHERE created_at < statement_timestamp() - $1 * interval '1 ms'
             ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
           ), durable AS MATERIALIZED (
             SELECT pg_logical_emit_message(true, 'palinode', '') AS position FROM (SELECT FROM old LIMIT 1) AS one
           )
           SELECT old.id, durable.position FROM durable, old`,
    values: [olderThanMs, limit],
  });
  return (rows as { id: string }[]).map(({ id }) => id);
}

/** Locks the rows that are still there and that no other instance is sending. */
export async function lockUnsent(sql: Sql, ids: readonly string[]): Promise<OutboxRow[]> {
  const { rows } = await sql.query({
    name: 'palinode-lock-unsent',
    text: `SELECT id, topic, key, payload FROM outbox WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED`,
    values: [uuidArray(ids)],
  });
  return rows as OutboxRow[];
}

/** A message with this envelope, and the header by which a CloudEvents reader knows its format. */
export function envelopeMessage(topic: string, key: string | null, value: string): OutgoingMessage {
  return { topic, key, value, headers: HEADERS };
}

const HEADERS = { 'content-type': CONTENT_TYPE };

export function toMessage({ topic, key, payload }: OutboxRow): OutgoingMessage {
  return envelopeMessage(topic, key, payload);
}

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

/**
 * Moves rows that were published, and not acknowledged since, out of the outbox; they are due after the resend time.
 */
export async function storeUnacknowledged(sql: Sql, ids: readonly string[], resendAfterMs: number): Promise<void> {
  if (ids.length === 0) return;
  await sql.query({
    text: `WITH published AS (DELETE FROM outbox WHERE id = ANY ($1::uuid[]) RETURNING id, topic, key, payload)
           INSERT INTO unacknowledged (id, topic, key, payload, due_at)
           SELECT id, topic, key, payload, clock_timestamp() + $2 * interval '1 ms' FROM published
           ON CONFLICT (id) DO NOTHING`,
    values: [ids, resendAfterMs],
  });
}

/** Deletes acknowledged messages from both tables. */
export async function forget(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query({
    text: `WITH published AS (DELETE FROM outbox WHERE id = ANY ($1::uuid[]))
           DELETE FROM unacknowledged WHERE id = ANY ($1::uuid[])`,
    values: [ids],
  });
}

/** Locks messages that are due and that no other instance is sending, those that wait longest first. */
export async function lockDue(sql: Sql, limit: number): Promise<{ id: string; message: OutgoingMessage }[]> {
  const { rows } = await sql.query({
    name: 'palinode-lock-due',
    text: `SELECT id, topic, key, payload FROM unacknowledged WHERE due_at <= statement_timestamp()
           ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    values: [limit],
  });
  return (rows as OutboxRow[]).map((row) => ({ id: row.id, message: toMessage(row) }));
}

/** Postpones the next resend of messages that were just resent. The delay doubles each time, up to `longestMs`. */
export async function postpone(
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

/** Ids beyond this limit, while the database is away, are dropped: their messages are resent and acknowledged again. */
const MOST = 10_000;

/** Ids of outbox rows that were acknowledged, to be deleted together with the next statement. */
export class Acknowledged {
  private ids: string[] = [];

  constructor(private readonly most = MOST) {}

  get isEmpty(): boolean {
    return this.ids.length === 0;
  }

  add(ids: readonly string[]): void {
    for (const id of ids) if (this.ids.length < this.most) this.ids.push(id);
  }

  /**
   * Passes the ids to the statement that deletes them. If it fails they are kept; otherwise the sweeper would resend
   * them.
   */
  async deleteWith<T>(statement: (ids: readonly string[]) => Promise<T>): Promise<T> {
    const { ids } = this;
    this.ids = [];
    try {
      return await statement(ids);
    } catch (error) {
      this.add(ids);
      throw error;
    }
  }
}
