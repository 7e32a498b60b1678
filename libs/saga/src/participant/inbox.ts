/*
 * The inbox makes an effect happen at most once: a message's row is inserted in the transaction of its handler, and the
 * answer is kept in it, so that a duplicate gets the same answer. A compensation inserts a tombstone under the id of the
 * command it undoes: if that insert wins, the action never ran and never will; if the action is in flight, the key makes
 * the compensation wait for it.
 *
 * The row is inserted at the transaction's end, with the answer: whoever comes second fails at the key, and all that it
 * wrote is taken back.
 */
import type { EntityManager } from 'typeorm';
import { dayOf, tombstoneDigest, type Command } from '../contract';
import type { InboxRow } from '../deduplication';
import { byteaArray, textArray, uuidArray, type Sql } from '../messaging';
import { prepared } from './prepared';
import type { Answer } from './reply';

/** The row that keeps an answer. */
export function answeredRow({ id, outcome, reply }: Answer, digest: Buffer): InboxRow {
  return { id, outcome, reply, digest };
}

/** The row that keeps an action out which has not come: that of the step that this compensation takes back. */
export function tombstone(undoes: string, compensation: Pick<Command, 'sagaid' | 'sagastep'>): InboxRow {
  return { id: undoes, outcome: 'tombstone', reply: null, digest: tombstoneDigest(compensation) };
}

/** The rows there are under these ids. */
export async function readInbox(sql: Sql, ids: readonly string[]): Promise<Map<string, InboxRow>> {
  const { rows } = await sql.query({
    name: 'palinode-read-inbox',
    // The days alone tell PostgreSQL which partitions there are to look at.
    text: 'SELECT id, outcome, reply, digest FROM inbox WHERE day = ANY ($1::date[]) AND id = ANY ($2::uuid[])',
    values: [[...new Set(ids.map(dayOf))], uuidArray(ids)],
  });
  return new Map((rows as InboxRow[]).map((row) => [row.id, row]));
}

/** Whether there is a row under this id, as a handler's transaction sees it now. */
export async function isKept(tx: EntityManager, id: string): Promise<boolean> {
  const text = 'SELECT FROM inbox WHERE day = $1 AND id = $2';
  return (await prepared(tx, 'palinode-is-kept', text, [dayOf(id), id])).length > 0;
}

const INTO = 'INSERT INTO inbox (day, id, outcome, reply, digest)';
const ROWS = 'SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::text[], $5::bytea[])';

/** Inserts rows with their answers. Fails when one of them is there, and in an aborted transaction. */
export async function insert(sql: Sql, rows: readonly InboxRow[]): Promise<void> {
  const [only] = rows;
  if (only && rows.length === 1) await insertOne(sql, only);
  else await sql.query({ name: 'palinode-insert', text: `${INTO} ${ROWS}`, values: columns(rows) });
}

/** Without arrays, which cost PostgreSQL more than the row. */
async function insertOne(sql: Sql, { id, outcome, reply, digest }: InboxRow): Promise<void> {
  const values = [dayOf(id), id, outcome, reply, digest];
  await sql.query({ name: 'palinode-insert-one', text: `${INTO} VALUES ($1, $2, $3, $4, $5)`, values });
}

/** Stores replies to messages that had no effect, and returns the ids that no other instance had answered or written a tombstone for. */
export async function store(sql: Sql, rows: readonly InboxRow[]): Promise<Set<string>> {
  const { rows: stored } = await sql.query({
    name: 'palinode-store',
    text: `${INTO} ${ROWS} ON CONFLICT DO NOTHING RETURNING id`,
    values: columns(rows),
  });
  return new Set((stored as { id: string }[]).map(({ id }) => id));
}

function columns(rows: readonly InboxRow[]): unknown[] {
  // In one order for all, so that two flushes never wait for each other.
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    sorted.map(({ id }) => dayOf(id)),
    uuidArray(sorted.map(({ id }) => id)),
    textArray(sorted.map(({ outcome }) => outcome)),
    textArray(sorted.map(({ reply }) => reply)),
    byteaArray(sorted.map(({ digest }) => digest)),
  ];
}
