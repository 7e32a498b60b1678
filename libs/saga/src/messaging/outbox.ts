/*
 * What is in the outbox is unsent: a row is written in the transaction that decides on the message, and deleted when the
 * broker has acknowledged it; that of a message that nobody would miss were the broker to lose it, such as a start, when its
 * receiver has (unacknowledged.ts). There is no cursor that could pass by a row that commits late, and no NOTIFY, whose commit
 * lock serialises all writers.
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

/** Reads those rows that are committed by now. */
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
 * The ids of rows that are older than this, by the database's time, and that nobody else is sending. A row's id tells nothing here: it was made by the clock of
 * a process, and a command that is sent again keeps its id. A row written long ago may have been committed just now, by a
 * transaction that has not waited for the disk; the message to the log makes this statement wait for it.
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

/** Locks those of the rows that are still there and that nobody else is sending. */
export async function lockUnsent(sql: Sql, ids: readonly string[]): Promise<OutboxRow[]> {
  const { rows } = await sql.query({
    name: 'palinode-lock-unsent',
    text: `SELECT id, topic, key, payload FROM outbox WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED`,
    values: [uuidArray(ids)],
  });
  return rows as OutboxRow[];
}

/** An envelope on its way out, with what tells any CloudEvents reader how to take it. */
export function envelopeMessage(topic: string, key: string | null, value: string): OutgoingMessage {
  return { topic, key, value, headers: HEADERS };
}

const HEADERS = { 'content-type': CONTENT_TYPE };

export function toMessage({ topic, key, payload }: OutboxRow): OutgoingMessage {
  return envelopeMessage(topic, key, payload);
}
