/*
 * A connection on which handlers' transactions follow each other. PostgreSQL takes the statements of a connection in turn,
 * so the next transaction begins when the COMMIT before it has been sent, not when it was answered: the two leave in one
 * write, and writes are most of what a short transaction costs its process.
 */
import type { EventEmitter } from 'node:events';
import type { DataSource, QueryRunner } from 'typeorm';
import { isDatabaseOutage, isSessionTimeout, sqlStateOf, type Sql } from '../messaging';
import { asksNothing } from './after-commit';
import { insert, type InboxRow } from './inbox';

/** The connection broke, or the database answers nobody: what happened is not known, and a later try finds out. */
export class ConnectionLostError extends Error {
  constructor(cause: unknown) {
    super('The database is away.', { cause });
  }
}

/** The server has ended the connection, because this transaction was open or idle for longer than its settings allow. */
export class TransactionTimeoutError extends Error {
  override readonly name = 'TransactionTimeoutError';

  constructor(cause: unknown) {
    super(`The handler was too slow for the timeouts of the database: ${String(cause)}`, { cause });
  }
}

/** Somebody else has kept one of the rows. */
export class KeptByOtherError extends Error {}

/** What a transaction came to, and the rows of the inbox that are kept with it. */
export interface Handled<T> {
  readonly result: T;
  readonly rows: readonly InboxRow[];
}

const BEGIN = {
  'waits for the disk': 'BEGIN ISOLATION LEVEL READ COMMITTED',
  'does not wait': 'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off',
};
const ACTIVE = { isTransactionActive: true, transactionDepth: 1 };
const UNIQUE_VIOLATION = '23505';

export class Lane {
  /** Why nothing more may be run on it: the connection broke. */
  lost: ConnectionLostError | TransactionTimeoutError | undefined;
  private ended: unknown;
  private readonly onError = (error: unknown): void => void (this.ended ??= error);

  private constructor(
    private readonly dataSource: DataSource,
    private readonly holder: QueryRunner,
    private readonly sql: Sql & Partial<EventEmitter>,
    private readonly begin: string,
  ) {
    sql.on?.('error', this.onError);
  }

  /** Takes a connection out of the pool. */
  static async over(dataSource: DataSource, commit: keyof typeof BEGIN): Promise<Lane> {
    const holder = dataSource.createQueryRunner();
    try {
      return new Lane(dataSource, holder, (await holder.connect()) as Sql & EventEmitter, BEGIN[commit]);
    } catch (error) {
      throw new ConnectionLostError(error);
    }
  }

  /**
   * Runs the work in a transaction. Resolves when the next one may run, with what resolves when this one has committed, and
   * rejects when all of it was taken back, or with a ConnectionLostError.
   */
  async run<T>(work: (runner: QueryRunner) => Promise<Handled<T>>): Promise<{ readonly ended: Promise<T> }> {
    const runner = this.begun();
    let handled: Handled<T>;
    try {
      handled = await work(runner);
      await runner.broadcaster.broadcast('BeforeTransactionCommit');
    } catch (error) {
      const ended = this.takeBack(runner, error);
      await Promise.allSettled([ended]);
      return { ended };
    }
    const ended = this.commit(runner, handled);
    // Who subscribes to TypeORM's events may ask things on this connection after the COMMIT, outside of any transaction.
    if (this.dataSource.subscribers.every(asksNothing)) await runner.release();
    else await Promise.allSettled([ended]);
    return { ended };
  }

  /** Gives the connection back. Not before the last transaction has ended. */
  async close(): Promise<void> {
    this.sql.off?.('error', this.onError);
    await this.holder.release();
  }

  /** BEGIN leaves with the first statements; when it fails, so do they. TypeORM is told, whose own way waits for the answer. */
  private begun(): QueryRunner {
    this.sql.query({ text: this.begin }).catch(() => undefined);
    return Object.assign(this.dataSource.createQueryRunner(), { databaseConnection: this.sql }, ACTIVE);
  }

  /** Sends the rows and the COMMIT together. In an aborted transaction COMMIT answers ROLLBACK without an error; the rows fail. */
  private async commit<T>(runner: QueryRunner, { result, rows }: Handled<T>): Promise<T> {
    const sent = [
      insert(this.sql, rows).catch(keptByOther),
      this.sql.query({ name: 'palinode-commit', text: 'COMMIT' }),
    ];
    Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
    try {
      for (const each of await Promise.allSettled(sent))
        if (each.status === 'rejected') await this.survive(each.reason);
      await runner.broadcaster.broadcast('AfterTransactionCommit');
      return result;
    } finally {
      await runner.release();
    }
  }

  private async takeBack(runner: QueryRunner, error: unknown): Promise<never> {
    try {
      // All of it, also when the handler has left a savepoint open.
      await Object.assign(runner, ACTIVE).rollbackTransaction();
    } catch {
      throw this.lostBy(error);
    } finally {
      await runner.release();
    }
    // A full disk or a read-only database is no fault of the command, which must not be answered as failed.
    throw isDatabaseOutage(error) ? this.lostBy(error) : error;
  }

  /**
   * Throws the error, or that the connection is lost. Asks the connection, since an error may as well come from somebody
   * else whom a handler failed to reach. A query of nothing is answered in any state of the transaction that runs by now.
   */
  private async survive(error: unknown): Promise<never> {
    try {
      await this.sql.query({ text: '' });
    } catch {
      throw this.lostBy(error);
    }
    throw isDatabaseOutage(error) ? this.lostBy(error) : error;
  }

  /** Why it is lost. A session that timed out did so for the transaction that met it: the one before had been committed. */
  private lostBy(error: unknown): ConnectionLostError | TransactionTimeoutError {
    const timeout = [this.ended, error].find(isSessionTimeout);
    this.lost ??= timeout === undefined ? new ConnectionLostError(error) : new TransactionTimeoutError(timeout);
    return this.lost;
  }
}

function keptByOther(error: unknown): never {
  if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
  throw new KeptByOtherError('kept by somebody else', { cause: error });
}
