/*
 * The inbox makes an effect happen at most once: a message's row is inserted in the transaction of its handler, and the
 * answer is kept in it, so that a duplicate gets the same answer. A compensation inserts a tombstone under the id of the
 * command it undoes: if that insert wins, the action never ran and never will; if the action is in flight, the key makes
 * the compensation wait for it.
 *
 * A handler with a transaction of its own may call a third party, so its row is claimed before it runs. A shared
 * transaction holds nothing but writes to the database, which a conflict at its end takes back: its rows are inserted
 * once, with their answers.
 */
import { dayOf, type Outcome } from '../contract';
import type { Sql } from '../messaging';

export interface InboxRow {
  readonly id: string;
  readonly outcome: Outcome | 'claimed' | 'tombstone';
  /** The reply's envelope as it was first sent. */
  readonly reply: string | null;
}

/** The rows there are under these ids. */
export async function readInbox(sql: Sql, ids: readonly string[]): Promise<Map<string, InboxRow>> {
  const { rows } = await sql.query({
    name: 'palinode-read-inbox',
    // The days alone tell PostgreSQL which partitions there are to look at.
    text: 'SELECT id, outcome, reply FROM inbox WHERE day = ANY ($1::date[]) AND id = ANY ($2::uuid[])',
    values: [[...new Set(ids.map(dayOf))], ids],
  });
  return new Map((rows as InboxRow[]).map((row) => [row.id, row]));
}

/**
 * Claims the ids for this transaction, whose commit then does not wait for the disk: the dispatcher's barrier does, once for
 * many. Waits for a transaction that holds one of them. False when not all could be had.
 */
export async function claim(sql: Sql, rows: readonly InboxRow[]): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'palinode-claim',
    text: `WITH mode AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
           INSERT INTO inbox (day, id, outcome, reply)
           SELECT day, id, outcome, reply FROM mode, unnest($1::date[], $2::uuid[], $3::text[], $4::text[])
             AS claimed (day, id, outcome, reply)
           ON CONFLICT DO NOTHING`,
    values: columns(rows),
  });
  return rowCount === rows.length;
}

/** Keeps the answer to a claimed message. Fails in an aborted transaction, also when a handler swallowed the error. */
export async function settle(sql: Sql, { id, outcome, reply }: InboxRow): Promise<void> {
  await sql.query({
    name: 'palinode-settle',
    text: 'UPDATE inbox SET outcome = $3, reply = $4 WHERE day = $1::date AND id = $2::uuid',
    values: [dayOf(id), id, outcome, reply],
  });
}

/** Inserts rows with their answers. Fails when one of them is there, and in an aborted transaction. */
export async function insert(sql: Sql, rows: readonly InboxRow[]): Promise<void> {
  await sql.query({
    name: 'palinode-insert',
    text: `INSERT INTO inbox (day, id, outcome, reply)
           SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::text[])`,
    values: columns(rows),
  });
}

/** Keeps answers to messages that had no effect, and returns the ids that nobody else had answered or buried. */
export async function store(sql: Sql, rows: readonly InboxRow[]): Promise<Set<string>> {
  const { rows: stored } = await sql.query({
    name: 'palinode-store',
    text: `INSERT INTO inbox (day, id, outcome, reply)
           SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::text[])
           ON CONFLICT DO NOTHING RETURNING id`,
    values: columns(rows),
  });
  return new Set((stored as { id: string }[]).map(({ id }) => id));
}

function columns(rows: readonly InboxRow[]): unknown[] {
  // In one order for all, so that two flushes never wait for each other.
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    sorted.map(({ id }) => dayOf(id)),
    sorted.map(({ id }) => id),
    sorted.map(({ outcome }) => outcome),
    sorted.map(({ reply }) => reply),
  ];
}
