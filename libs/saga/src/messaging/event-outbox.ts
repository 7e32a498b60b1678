/*
 * Events keep, for each key, the order of their commits. Their outbox is a table of its own, because the one for commands
 * promises less: its rows are sent by whoever comes first. What must hold:
 *
 * 1. The numbers of a key's rows grow in the order of their commits: a row gets its number under a lock of its key, which
 *    its transaction holds until it has committed. So whoever sees a row sees, or has sent, all rows of its key before it.
 * 2. Whoever sends takes the lowest numbers first, and deletes a row only when the broker has it. One process at a time does,
 *    as a rule: a leader that lost its lock unnoticed sends again what the next one has sent, in the same order.
 *
 * Whatever dies in between, a key's events reach the broker for the first time in order; one that is sent again comes
 * after itself, under the same id.
 */
import { ADVISORY_LOCKS } from './advisory-locks';
import { textArray, uuidArray } from './array-column';
import type { Sql } from './sql';
import { BEGIN } from './transaction';

export const EVENT_OUTBOX_TABLE = `
  CREATE TABLE IF NOT EXISTS event_outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    payload text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

/** $1 ids, $2 topics, $3 keys, $4 payloads. Locks are taken in one order, so that two transactions never wait in a ring. */
export const INSERT_EVENTS = `
  WITH sorted AS MATERIALIZED (
    SELECT id, topic, key, payload
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS m (id, topic, key, payload, n)
    ORDER BY hashtext(key), n
  ), locked AS MATERIALIZED (
    SELECT id, topic, key, payload, pg_advisory_xact_lock(${ADVISORY_LOCKS.eventSubject}, hashtext(key)) FROM sorted
  )
  INSERT INTO event_outbox (id, topic, key, payload) SELECT id, topic, key, payload FROM locked`;

export interface EventRow {
  readonly seq: string;
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

/** As columns for {@link INSERT_EVENTS}. */
export function eventColumns(rows: readonly Omit<EventRow, 'seq'>[]): unknown[] {
  return [
    uuidArray(rows.map(({ id }) => id)),
    textArray(rows.map(({ topic }) => topic)),
    textArray(rows.map(({ key }) => key)),
    textArray(rows.map(({ payload }) => payload)),
  ];
}

/** True when nobody leads at the moment. The lock is taken and given back by this statement, unless a transaction is open. */
export async function mayLead(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query({
    name: 'palinode-may-lead',
    text: 'SELECT pg_try_advisory_xact_lock($1) AS free',
    values: [ADVISORY_LOCKS.eventPublisher],
  });
  return (rows as { free: boolean }[])[0]?.free === true;
}

/**
 * Begins a transaction on this connection; true when it is, until it ends, the one that sends. A lock of the transaction,
 * not of the session, which a pooler would hand to somebody else together with the lock. The transaction does nothing else,
 * so it keeps no vacuum from its work.
 */
export async function lead(sql: Sql): Promise<boolean> {
  await sql.query({ text: BEGIN });
  // A leader whose machine vanished must not lead for the two hours after which TCP notices by itself.
  await sql.query({
    text: `SELECT set_config('tcp_keepalives_idle', '5', true), set_config('tcp_keepalives_interval', '5', true),
                  set_config('tcp_keepalives_count', '3', true)`,
  });
  return mayLead(sql);
}

/**
 * Deletes what was acknowledged and reads what is next. A row may be of a transaction whose commit has not waited for the
 * disk; the message to the log makes this statement wait for it, lest an event is told that a crash takes back.
 */
export async function nextEvents(sql: Sql, acknowledged: readonly string[], limit: number): Promise<EventRow[]> {
  const { rows } = await sql.query({
    name: 'palinode-next-events',
    text: `WITH gone AS (
             DELETE FROM event_outbox WHERE seq = ANY ($1::bigint[])
           ), unsent AS MATERIALIZED (
             SELECT seq, id, topic, key, payload FROM event_outbox WHERE seq <> ALL ($1::bigint[]) ORDER BY seq LIMIT $2
           ), durable AS MATERIALIZED (
             SELECT pg_logical_emit_message(true, 'palinode', '') AS position FROM (SELECT FROM unsent LIMIT 1) AS one
           )
           SELECT unsent.*, durable.position FROM durable, unsent ORDER BY seq`,
    values: [acknowledged, limit],
  });
  return rows as EventRow[];
}
