/*
 * The inbox makes an effect happen at most once: a message's row is inserted in the transaction of its handler, and the
 * answer is kept in it, so that a duplicate gets the same answer. A compensation inserts a tombstone under the id of the
 * command it undoes: if that insert wins, the action never ran and never will; if the action is in flight, the key makes
 * the compensation wait for it.
 */
import { dayOf, type Outcome } from '../contract';
import type { EntityManager } from 'typeorm';

export interface InboxRow {
  readonly id: string;
  readonly outcome: Outcome | 'claimed' | 'tombstone';
  /** The reply's envelope as it was first sent. */
  readonly reply: string | null;
}

export interface SettledRow {
  readonly id: string;
  readonly outcome: Outcome;
  readonly reply: string;
}

export type Claim = Pick<InboxRow, 'id' | 'outcome'>;

/** The rows there are under these ids. */
export async function readInbox(sql: EntityManager, ids: readonly string[]): Promise<Map<string, InboxRow>> {
  const rows: InboxRow[] = await sql.query(
    `SELECT id, outcome, reply FROM inbox
     WHERE (day, id) IN (SELECT * FROM unnest($1::date[], $2::uuid[]))`,
    [ids.map(dayOf), ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Claims ids for this transaction and returns those it got. Waits for a transaction that holds one of them. With `relaxed`
 * the transaction's commit does not wait for the disk: the dispatcher's barrier does, once for many.
 */
export async function claim(sql: EntityManager, claims: readonly Claim[], relaxed: boolean): Promise<Set<string>> {
  // In one order for all, so that two flushes never wait for each other.
  const sorted = claims.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rows: { id: string }[] = await sql.query(
    `WITH mode AS MATERIALIZED (SELECT CASE WHEN $4 THEN set_config('synchronous_commit', 'off', true) END)
     INSERT INTO inbox (day, id, outcome)
     SELECT day, id, outcome FROM mode, unnest($1::date[], $2::uuid[], $3::text[]) AS claimed (day, id, outcome)
     ON CONFLICT DO NOTHING RETURNING id`,
    [sorted.map(({ id }) => dayOf(id)), sorted.map(({ id }) => id), sorted.map(({ outcome }) => outcome), relaxed],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Keeps the answers to claimed messages. Fails in an aborted transaction, also when a handler swallowed the error. */
export async function settle(sql: EntityManager, rows: readonly SettledRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `UPDATE inbox SET outcome = settled.outcome, reply = settled.reply
     FROM unnest($1::date[], $2::uuid[], $3::text[], $4::text[]) AS settled (day, id, outcome, reply)
     WHERE inbox.day = settled.day AND inbox.id = settled.id`,
    columns(rows),
  );
}

/** Keeps answers to messages that had no effect, and returns the ids that nobody else had answered or buried. */
export async function store(sql: EntityManager, rows: readonly SettledRow[]): Promise<Set<string>> {
  const stored: { id: string }[] = await sql.query(
    `INSERT INTO inbox (day, id, outcome, reply)
     SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::text[])
     ON CONFLICT DO NOTHING RETURNING id`,
    columns(rows),
  );
  return new Set(stored.map(({ id }) => id));
}

function columns(rows: readonly SettledRow[]): unknown[] {
  return [
    rows.map(({ id }) => dayOf(id)),
    rows.map(({ id }) => id),
    rows.map(({ outcome }) => outcome),
    rows.map(({ reply }) => reply),
  ];
}
