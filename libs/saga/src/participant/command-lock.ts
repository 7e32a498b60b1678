/*
 * Prevents two processes from handling the same command concurrently. It takes advisory locks on the ids in a transaction of
 * its own, which stays open while the handlers run and writes nothing. The inbox's unique key makes an effect happen once; the
 * lock protects calls to third parties, which a rollback cannot undo.
 */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { InboxRow } from '../deduplication';
import { waitForWalFlush, BEGIN, uuidArray, poolOf } from '../messaging';
import { readInbox } from './inbox';
import { ADVISORY_LOCK_SEEDS } from '../messaging';

const LOCK = {
  // In the order of the ids, so that two flushes never wait for each other.
  waiting: {
    name: 'palinode-lock-commands',
    text: `SELECT id, pg_advisory_xact_lock(uuid_hash_extended(id, ${ADVISORY_LOCK_SEEDS.command})) FROM unnest($1::uuid[]) AS wanted (id)`,
  },
  trying: {
    name: 'palinode-try-lock-commands',
    text: `SELECT id FROM unnest($1::uuid[]) AS wanted (id) WHERE pg_try_advisory_xact_lock(uuid_hash_extended(id, ${ADVISORY_LOCK_SEEDS.command}))`,
  },
} as const;

export class CommandLock {
  private constructor(
    private readonly client: PoolClient,
    private readonly held: ReadonlySet<string>,
    private readonly kept: ReadonlyMap<string, InboxRow>,
  ) {}

  /** Locks these ids. With `wait` it waits for ids that another instance has locked; otherwise it leaves them out. */
  static async over(dataSource: DataSource, ids: readonly string[], wait: boolean): Promise<CommandLock> {
    const client = await poolOf(dataSource).connect();
    try {
      const [, locked, kept] = await Promise.all([
        client.query(BEGIN),
        client.query<{ id: string }>({ ...(wait ? LOCK.waiting : LOCK.trying), values: [uuidArray(ids.toSorted())] }),
        // A statement after the lock sees what those who held it have committed.
        readInbox(client, ids),
      ]);
      return new CommandLock(client, new Set(locked.rows.map(({ id }) => id)), kept);
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  /** True when nobody else handles any of these messages, and nobody has. */
  isFree(ids: readonly string[]): boolean {
    return ids.every((id) => this.held.has(id) && !this.kept.has(id));
  }

  /** Lets the others in when all that was committed meanwhile is on the disk. Rejects when that is not known. */
  async end(): Promise<void> {
    try {
      await Promise.all([waitForWalFlush(this.client), this.client.query('COMMIT')]);
      this.client.release();
    } catch (error) {
      this.client.release(error as Error);
      throw error;
    }
  }

  /** Lets the others in after an error, which it throws. The locks are gone with the connection. */
  abandon(error: unknown): never {
    this.client.release(true);
    throw error;
  }
}
