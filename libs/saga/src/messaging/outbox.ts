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
import { TABLES, type Tables } from './tables';
import type { OutgoingMessage } from './transport';

export function createOutboxTable({ outbox }: Tables): string {
  return `
    CREATE TABLE IF NOT EXISTS ${outbox} (
      id uuid PRIMARY KEY,
      topic text NOT NULL,
      key text NOT NULL,
      payload text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`;
}

export function createUnacknowledgedTable(tables: Tables): string[] {
  return [
    `
    CREATE TABLE ${tables.unacknowledged} (
      id uuid PRIMARY KEY,
      topic text NOT NULL,
      key text NOT NULL,
      payload text NOT NULL,
      sent int NOT NULL DEFAULT 1,
      due_at timestamptz NOT NULL
    )`,
    `CREATE INDEX ${tables.local('unacknowledged_by_time')} ON ${tables.unacknowledged} (due_at)`,
  ];
}

export interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

/** A message with this envelope, and the header by which a CloudEvents reader knows its format. */
export function envelopeMessage(topic: string, key: string | null, value: string): OutgoingMessage {
  return { topic, key, value, headers: HEADERS };
}

const HEADERS = { 'content-type': CONTENT_TYPE };

export function toMessage({ topic, key, payload }: OutboxRow): OutgoingMessage {
  return envelopeMessage(topic, key, payload);
}

function statementsOn({ outbox, unacknowledged }: Tables) {
  return {
    insert: `INSERT INTO ${outbox} (id, topic, key, payload) VALUES ($1, $2, $3, $4)`,
    read: `SELECT id, topic, key, payload FROM ${outbox} WHERE id = ANY($1::uuid[]) ORDER BY id`,
    delete: `DELETE FROM ${outbox} WHERE id = ANY($1::uuid[])`,
    findUnsent: `
      WITH old AS MATERIALIZED (
        SELECT id FROM ${outbox} WHERE created_at < statement_timestamp() - $1 * interval '1 ms'
        ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
      ), durable AS MATERIALIZED (
        SELECT pg_logical_emit_message(true, 'palinode', '') AS position FROM (SELECT FROM old LIMIT 1) AS one
      )
      SELECT old.id, durable.position FROM durable, old`,
    lockUnsent: `
      SELECT id, topic, key, payload FROM ${outbox} WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED`,
    storeUnacknowledged: `
      WITH published AS (DELETE FROM ${outbox} WHERE id = ANY ($1::uuid[]) RETURNING id, topic, key, payload)
      INSERT INTO ${unacknowledged} (id, topic, key, payload, due_at)
      SELECT id, topic, key, payload, clock_timestamp() + $2 * interval '1 ms' FROM published
      ON CONFLICT (id) DO NOTHING`,
    forget: `
      WITH published AS (DELETE FROM ${outbox} WHERE id = ANY ($1::uuid[]))
      DELETE FROM ${unacknowledged} WHERE id = ANY ($1::uuid[])`,
    lockDue: `
      SELECT id, topic, key, payload FROM ${unacknowledged} WHERE due_at <= statement_timestamp()
      ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    postpone: `
      UPDATE ${unacknowledged} SET sent = sent + 1,
        due_at = clock_timestamp() + least($2 * 2 ^ least(sent, 30), $3) * interval '1 ms'
      WHERE id = ANY ($1::uuid[])`,
  } as const;
}

/** The statements on the tables `outbox` and `unacknowledged`. */
export class Outbox {
  /** Inserts a row: $1 id, $2 topic, $3 key, $4 payload. */
  readonly insertion: string;
  private readonly statements: ReturnType<typeof statementsOn>;

  constructor(tables: Tables = TABLES) {
    this.statements = statementsOn(tables);
    this.insertion = this.statements.insert;
  }

  /** Reads the rows that are committed by now. */
  async read(sql: Sql, ids: readonly string[]): Promise<OutboxRow[]> {
    const { rows } = await sql.query({
      name: 'palinode-read-outbox',
      text: this.statements.read,
      values: [uuidArray(ids)],
    });
    return rows as OutboxRow[];
  }

  async delete(sql: Sql, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await sql.query({ name: 'palinode-delete-outbox', text: this.statements.delete, values: [uuidArray(ids)] });
  }

  /**
   * The ids of rows that are older than this, by the database's time, and that no other instance is sending. The time
   * in a row's id does not count: it is by the clock of a process, and a command that is sent again keeps its id. A row
   * written long ago may have been committed just now, by a transaction that has not waited for the WAL flush; the
   * message to the WAL makes this statement wait for it.
   */
  async findUnsent(sql: Sql, olderThanMs: number, limit: number): Promise<string[]> {
    const { rows } = await sql.query({
      name: 'palinode-find-unsent',
      text: this.statements.findUnsent,
      values: [olderThanMs, limit],
    });
    return (rows as { id: string }[]).map(({ id }) => id);
  }

  /** Locks the rows that are still there and that no other instance is sending. */
  async lockUnsent(sql: Sql, ids: readonly string[]): Promise<OutboxRow[]> {
    const { rows } = await sql.query({
      name: 'palinode-lock-unsent',
      text: this.statements.lockUnsent,
      values: [uuidArray(ids)],
    });
    return rows as OutboxRow[];
  }

  /**
   * Moves rows that were published, and not acknowledged since, out of the outbox; they are due after the resend time.
   */
  async storeUnacknowledged(sql: Sql, ids: readonly string[], resendAfterMs: number): Promise<void> {
    if (ids.length === 0) return;
    await sql.query({ text: this.statements.storeUnacknowledged, values: [ids, resendAfterMs] });
  }

  /** Deletes acknowledged messages from both tables. */
  async forget(sql: Sql, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await sql.query({ text: this.statements.forget, values: [ids] });
  }

  /** Locks messages that are due and that no other instance is sending, those that wait longest first. */
  async lockDue(sql: Sql, limit: number): Promise<{ id: string; message: OutgoingMessage }[]> {
    const { rows } = await sql.query({ name: 'palinode-lock-due', text: this.statements.lockDue, values: [limit] });
    return (rows as OutboxRow[]).map((row) => ({ id: row.id, message: toMessage(row) }));
  }

  /** Postpones the next resend of messages that were just resent. The delay doubles each time, up to `longestMs`. */
  async postpone(sql: Sql, ids: readonly string[], resendAfterMs: number, longestMs: number): Promise<void> {
    await sql.query({ text: this.statements.postpone, values: [ids, resendAfterMs, longestMs] });
  }
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
