/*
 * The inbox makes an effect happen at most once: a message's row is inserted in the transaction of its handler, and the
 * answer is kept in it, so that a duplicate gets the same answer. A compensation inserts a tombstone under the id of the
 * command it undoes: if that insert wins, the action never ran and never will; if the action is in flight, the key makes
 * the compensation wait for it.
 *
 * The row is inserted at the transaction's end, with the answer: the second of two transactions fails at the key and is
 * rolled back as a whole.
 *
 * {@link CommandLock} prevents two processes from handling the same command concurrently, because a rollback cannot
 * undo calls to third parties.
 */
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { type Command, dayOf, tombstoneDigest } from '../contract';
import type { InboxRow } from '../deduplication';
import {
  ADVISORY_LOCK_SEEDS,
  BEGIN,
  byteaArray,
  poolOf,
  type Sql,
  TABLES,
  type Tables,
  textArray,
  uuidArray,
  waitForWalFlush,
} from '../messaging';
import { prepared } from './prepared';
import type { Answer } from './reply';

/** The row that keeps an answer. */
export function answeredRow({ id, outcome, reply }: Answer, digest: Buffer): InboxRow {
  return { id, outcome, reply, digest };
}

/** The row that keeps out an action that has not come: the one that this compensation undoes. */
export function tombstone(undoes: string, compensation: Pick<Command, 'sagaid' | 'sagastep'>): InboxRow {
  return { id: undoes, outcome: 'tombstone', reply: null, digest: tombstoneDigest(compensation) };
}

/** The statements on the table `inbox`. */
export class Inbox {
  private readonly statements: Readonly<Record<'read' | 'isStored' | 'insert' | 'insertOne' | 'store', string>>;

  constructor({ inbox }: Tables = TABLES) {
    const into = `INSERT INTO ${inbox} (day, id, outcome, reply, digest)`;
    const rows = 'SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::text[], $5::bytea[])';
    this.statements = {
      // PostgreSQL finds the partitions by the days alone.
      read: `SELECT id, outcome, reply, digest FROM ${inbox} WHERE day = ANY ($1::date[]) AND id = ANY ($2::uuid[])`,
      isStored: `SELECT FROM ${inbox} WHERE day = $1 AND id = $2`,
      insert: `${into} ${rows}`,
      // Without arrays, which cost PostgreSQL more than the row.
      insertOne: `${into} VALUES ($1, $2, $3, $4, $5)`,
      store: `${into} ${rows} ON CONFLICT DO NOTHING RETURNING id`,
    };
  }

  /** The rows there are under these ids. */
  async read(sql: Sql, ids: readonly string[]): Promise<Map<string, InboxRow>> {
    const { rows } = await sql.query({
      name: 'palinode-read-inbox',
      text: this.statements.read,
      values: [[...new Set(ids.map(dayOf))], uuidArray(ids)],
    });
    return new Map((rows as InboxRow[]).map((row) => [row.id, row]));
  }

  /** Whether there is a row under this id, as a handler's transaction sees it now. */
  async isStored(tx: EntityManager, id: string): Promise<boolean> {
    return (await prepared(tx, 'palinode-is-kept', this.statements.isStored, [dayOf(id), id])).length > 0;
  }

  /** Inserts rows with their answers. Fails when one of them is there, and in an aborted transaction. */
  async insert(sql: Sql, rows: readonly InboxRow[]): Promise<void> {
    const [only] = rows;
    if (only && rows.length === 1) await this.insertOne(sql, only);
    else await sql.query({ name: 'palinode-insert', text: this.statements.insert, values: columns(rows) });
  }

  /**
   * Stores replies to messages that had no effect, and returns the ids that no other instance had answered or written a
   * tombstone for.
   */
  async store(sql: Sql, rows: readonly InboxRow[]): Promise<Set<string>> {
    const { rows: stored } = await sql.query({
      name: 'palinode-store',
      text: this.statements.store,
      values: columns(rows),
    });
    return new Set((stored as { id: string }[]).map(({ id }) => id));
  }

  /** Locks these ids. With `wait` it waits for ids that another instance has locked; otherwise it leaves them out. */
  async lock(dataSource: DataSource, ids: readonly string[], wait: boolean): Promise<CommandLock> {
    const client = await poolOf(dataSource).connect();
    try {
      const [, locked, kept] = await Promise.all([
        client.query(BEGIN),
        client.query<{ id: string }>({ ...(wait ? LOCK.waiting : LOCK.trying), values: [uuidArray(ids.toSorted())] }),
        // A statement after the lock sees what its former holder has committed.
        this.read(client, ids),
      ]);
      return new CommandLock(client, new Set(locked.rows.map(({ id }) => id)), kept);
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  private async insertOne(sql: Sql, { id, outcome, reply, digest }: InboxRow): Promise<void> {
    const values = [dayOf(id), id, outcome, reply, digest];
    await sql.query({ name: 'palinode-insert-one', text: this.statements.insertOne, values });
  }
}

function columns(rows: readonly InboxRow[]): unknown[] {
  // In one order for all, so that two batches never wait for each other.
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    sorted.map(({ id }) => dayOf(id)),
    uuidArray(sorted.map(({ id }) => id)),
    textArray(sorted.map(({ outcome }) => outcome)),
    textArray(sorted.map(({ reply }) => reply)),
    byteaArray(sorted.map(({ digest }) => digest)),
  ];
}

const LOCK = {
  // In the order of the ids, so that two batches never wait for each other.
  waiting: {
    name: 'palinode-lock-commands',
    text: `SELECT id, pg_advisory_xact_lock(uuid_hash_extended(id, ${ADVISORY_LOCK_SEEDS.command})) FROM unnest($1::uuid[]) AS wanted (id)`,
  },
  trying: {
    name: 'palinode-try-lock-commands',
    text: `SELECT id FROM unnest($1::uuid[]) AS wanted (id) WHERE pg_try_advisory_xact_lock(uuid_hash_extended(id, ${ADVISORY_LOCK_SEEDS.command}))`,
  },
} as const;

/**
 * Advisory locks on the ids of commands, in a transaction of its own, which stays open while the handlers run and
 * writes nothing.
 */
export class CommandLock {
  constructor(
    private readonly client: PoolClient,
    private readonly held: ReadonlySet<string>,
    private readonly kept: ReadonlyMap<string, InboxRow>,
  ) {}

  /** True when no other process handles any of these messages, and none has. */
  isFree(ids: readonly string[]): boolean {
    return ids.every((id) => this.held.has(id) && !this.kept.has(id));
  }

  /** Releases the locks when all that was committed meanwhile is on the disk. Rejects when that is not known. */
  async end(): Promise<void> {
    try {
      await Promise.all([waitForWalFlush(this.client), this.client.query('COMMIT')]);
      this.client.release();
    } catch (error) {
      this.client.release(error as Error);
      throw error;
    }
  }

  /** Releases the locks after an error, by closing the connection, and throws the error. */
  abandon(error: unknown): never {
    this.client.release(true);
    throw error;
  }
}
