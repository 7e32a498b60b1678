/*
 * The outbox of events keeps, for each key, the order of their commits. It is a table of its own, because the one for
 * commands promises less: any process sends its rows, in any order. Invariants:
 *
 * 1. The numbers of a key's rows grow in the order of their commits: a row gets its number under a lock of its key, which
 *    its transaction holds until it has committed. So a reader that sees a row has seen all rows of its key before it.
 * 2. The relay sends the lowest numbers first, and deletes a row only when the broker has acknowledged it. Normally one
 *    process does this at a time; a leader that lost its lock unnoticed resends what the next one has sent, in order.
 *
 * Whatever process dies, a key's events reach the broker for the first time in order; an event that is resent follows
 * itself, under the same id.
 */
import { ADVISORY_LOCKS } from './advisory-locks';
import { textArray, uuidArray } from './array-column';
import { BEGIN, type Sql } from './sql';
import { TABLES, type Tables } from './tables';

export function createEventOutboxTable({ event_outbox }: Tables): string {
  return `
    CREATE TABLE IF NOT EXISTS ${event_outbox} (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id uuid NOT NULL,
      topic text NOT NULL,
      key text NOT NULL,
      payload text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`;
}

export interface EventRow {
  readonly seq: string;
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

/** As columns for the `insertion` of {@link EventOutbox}. */
export function eventColumns(rows: readonly Omit<EventRow, 'seq'>[]): unknown[] {
  return [
    uuidArray(rows.map(({ id }) => id)),
    textArray(rows.map(({ topic }) => topic)),
    textArray(rows.map(({ key }) => key)),
    textArray(rows.map(({ payload }) => payload)),
  ];
}

/** The statements on the table `event_outbox`. */
export class EventOutbox {
  /** Inserts rows: $1 ids, $2 topics, $3 keys, $4 payloads. Locks are taken in one order, to prevent deadlocks. */
  readonly insertion: string;
  private readonly deletionAndNext: string;
  private readonly leaderLock: string;

  constructor({ event_outbox }: Tables = TABLES) {
    this.insertion = `
      WITH sorted AS MATERIALIZED (
        SELECT id, topic, key, payload
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS m (id, topic, key, payload, n)
        ORDER BY hashtext(key), n
      ), locked AS MATERIALIZED (
        SELECT id, topic, key, payload, pg_advisory_xact_lock(${ADVISORY_LOCKS.eventSubject}, hashtext(key)) FROM sorted
      )
      INSERT INTO ${event_outbox} (id, topic, key, payload) SELECT id, topic, key, payload FROM locked`;
    this.deletionAndNext = `
      WITH gone AS (
        DELETE FROM ${event_outbox} WHERE seq = ANY ($1::bigint[])
      ), unsent AS MATERIALIZED (
        SELECT seq, id, topic, key, payload FROM ${event_outbox} WHERE seq <> ALL ($1::bigint[]) ORDER BY seq LIMIT $2
      ), durable AS MATERIALIZED (
        SELECT pg_logical_emit_message(true, 'palinode', '') AS position FROM (SELECT FROM unsent LIMIT 1) AS one
      )
      SELECT unsent.*, durable.position FROM durable, unsent ORDER BY seq`;
    // The services of a database that have tables of their own have leaders of their own.
    const lock =
      event_outbox === TABLES.event_outbox
        ? String(ADVISORY_LOCKS.eventPublisher)
        : `hashtextextended('${event_outbox}', ${ADVISORY_LOCKS.eventPublisher})`;
    this.leaderLock = `SELECT pg_try_advisory_xact_lock(${lock}) AS free`;
  }

  /**
   * True when no instance leads at the moment. The statement takes the lock and releases it, unless a transaction is
   * open.
   */
  async mayLead(sql: Sql): Promise<boolean> {
    const { rows } = await sql.query({ name: 'palinode-may-lead', text: this.leaderLock });
    return (rows as { free: boolean }[])[0]?.free === true;
  }

  /**
   * Begins a transaction on this connection; true when this makes it the leader until the transaction ends. It is a
   * lock of the transaction, not of the session, because a pooler would hand the session to another client together
   * with the lock. The transaction does nothing else, so it delays no vacuum.
   */
  async lead(sql: Sql): Promise<boolean> {
    await sql.query({ text: BEGIN });
    // Without this, a leader whose machine vanished would lead for the two hours until TCP notices.
    await sql.query({
      text: `SELECT set_config('tcp_keepalives_idle', '5', true), set_config('tcp_keepalives_interval', '5', true),
                    set_config('tcp_keepalives_count', '3', true)`,
    });
    return this.mayLead(sql);
  }

  /**
   * Deletes what was acknowledged and reads what is next. The commit of a row may not have waited for the disk; the
   * message to the log makes this statement wait for the WAL flush, so that no event is published that a crash undoes.
   */
  async next(sql: Sql, acknowledged: readonly string[], limit: number): Promise<EventRow[]> {
    const { rows } = await sql.query({
      name: 'palinode-next-events',
      text: this.deletionAndNext,
      values: [acknowledged, limit],
    });
    return rows as EventRow[];
  }
}
