/*
 * Runs handlers' transactions one after the other on one connection. PostgreSQL executes the statements of a connection
 * in order, so the next BEGIN is sent together with the COMMIT before it, without waiting for its result. Both leave in one
 * write to the socket, and these writes are most of what a short transaction costs this process.
 */
import type { EventEmitter } from 'node:events';
import type { Client } from 'pg';
import { QueryRunnerAlreadyReleasedError, type DataSource, type QueryRunner } from 'typeorm';
import type { InboxRow } from '../deduplication';
import { isDatabaseOutage, isSessionTimeout, sleep, requestCancel, sqlStateOf, type Sql } from '../messaging';
import { runsNoStatement } from './after-commit';
import type { Inbox } from './inbox';

/** The connection broke, or the database does not answer. The outcome is unknown until the command is tried again. */
export class ConnectionLostError extends Error {
  constructor(cause: unknown) {
    super('The database is away.', { cause });
  }
}

/** The server ended the connection, because this transaction was open or idle for longer than its settings allow. */
export class TransactionTimeoutError extends Error {
  override readonly name = 'TransactionTimeoutError';

  constructor(cause: unknown) {
    super(`The handler was too slow for the timeouts of the database: ${String(cause)}`, { cause });
  }
}

/** The work of a transaction took too long. The transaction is rolled back, although the work may still be running. */
export class StillRunningError extends Error {}

/** Another transaction has inserted one of the inbox rows. */
export class InboxConflictError extends Error {}

/** The result of the work, and the inbox rows to insert in its transaction. */
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
/** How often cancelling is tried before the connection is closed. The first request may arrive between two statements. */
const CANCELS = 5;
const CANCEL_WITHIN_MS = 1_000;
/** Work that waits for no statement is rolled back within this time, without a request to cancel. */
const ROLLED_BACK_WITHIN_MS = 50;

/** A transaction that has begun. */
interface Begun {
  readonly runner: QueryRunner;
  /** Rejects all later statements of its handler. */
  readonly shut: () => Promise<void>;
}

export interface PipelineOptions {
  readonly dataSource: DataSource;
  /** Where the answers are stored. */
  readonly inbox: Inbox;
  readonly commit: keyof typeof BEGIN;
}

interface Connected {
  readonly holder: QueryRunner;
  readonly sql: Sql & Partial<EventEmitter>;
}

export class TransactionPipeline {
  /** Why it runs no more transactions: the connection broke, or was closed because work took too long. */
  lost: ConnectionLostError | TransactionTimeoutError | StillRunningError | undefined;
  private ended: unknown;
  /** Resolves when the previous transaction has ended. */
  private before: Promise<unknown> = Promise.resolve();
  private readonly onError = (error: unknown): void => void (this.ended ??= error);

  private readonly dataSource: DataSource;
  private readonly inbox: Inbox;
  private readonly begin: string;
  private readonly holder: QueryRunner;
  private readonly sql: Connected['sql'];

  private constructor({ dataSource, inbox, commit }: PipelineOptions, { holder, sql }: Connected) {
    this.dataSource = dataSource;
    this.inbox = inbox;
    this.begin = BEGIN[commit];
    this.holder = holder;
    this.sql = sql;
    sql.on?.('error', this.onError);
  }

  /** Takes a connection out of the pool. */
  static async over(options: PipelineOptions): Promise<TransactionPipeline> {
    const holder = options.dataSource.createQueryRunner();
    try {
      return new TransactionPipeline(options, { holder, sql: (await holder.connect()) as Connected['sql'] });
    } catch (error) {
      throw new ConnectionLostError(error);
    }
  }

  /**
   * Runs the work in a transaction. Resolves when the next one may run. `ended` resolves when this one has committed; it
   * rejects when it was rolled back, and with a ConnectionLostError when the outcome is unknown. Work that rejects with a
   * StillRunningError may continue: its later statements are rejected, and its transaction is rolled back with the
   * connection.
   */
  async run<T>(work: (runner: QueryRunner) => Promise<Handled<T>>): Promise<{ readonly ended: Promise<T> }> {
    const begun = this.begun();
    const { runner } = begun;
    let handled: Handled<T>;
    try {
      handled = await work(runner);
      await runner.broadcaster.broadcast('BeforeTransactionCommit');
    } catch (error) {
      const ended = error instanceof StillRunningError ? this.abandon(begun, error) : this.rollBack(begun, error);
      await Promise.allSettled([ended]);
      return { ended };
    }
    const ended = this.commit(begun, handled);
    this.before = ended.catch(() => undefined);
    // TypeORM's subscribers may run statements on this connection after the COMMIT, outside of a transaction.
    if (this.dataSource.subscribers.every(runsNoStatement)) await begun.shut();
    else await Promise.allSettled([ended]);
    return { ended };
  }

  /** A number that grows while the database answers; undefined where it cannot be read. */
  answered(): number | undefined {
    const { connection } = this.sql as { connection?: { stream?: { bytesRead?: number } } };
    return connection?.stream?.bytesRead;
  }

  /** Returns the connection to the pool. Call it when the last transaction has ended. */
  async close(): Promise<void> {
    this.sql.off?.('error', this.onError);
    await this.holder.release();
  }

  /** Begins without waiting for the result, as TypeORM would. When BEGIN fails, the statements after it fail as well. */
  private begun(): Begun {
    const { sql } = this;
    sql.query({ text: this.begin }).catch(() => undefined);
    let isShut = false;
    // TypeORM's own check may be too early. A late statement would run in the next transaction, or outside of any.
    const value = (...asked: Parameters<Sql['query']>): unknown => {
      if (isShut) throw new QueryRunnerAlreadyReleasedError();
      return sql.query(...asked);
    };
    const databaseConnection: unknown = Object.create(sql, { query: { value } });
    const runner = Object.assign(this.dataSource.createQueryRunner(), { databaseConnection }, ACTIVE);
    const shut = (): Promise<void> => {
      isShut = true;
      return runner.release();
    };
    return { runner, shut };
  }

  /** Sends the rows and the COMMIT together. In an aborted transaction COMMIT rolls back without an error, but the rows fail. */
  private async commit<T>({ runner, shut }: Begun, { result, rows }: Handled<T>): Promise<T> {
    const sent = [
      this.inbox.insert(this.sql, rows).catch(inboxConflict),
      this.sql.query({ name: 'palinode-commit', text: 'COMMIT' }),
    ];
    Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
    try {
      for (const each of await Promise.allSettled(sent))
        if (each.status === 'rejected') await this.rethrow(each.reason);
      await runner.broadcaster.broadcast('AfterTransactionCommit');
      return result;
    } finally {
      await shut();
    }
  }

  private async rollBack({ runner, shut }: Begun, error: unknown): Promise<never> {
    try {
      // Rolls back the whole transaction, also when the handler has left a savepoint open.
      await Object.assign(runner, ACTIVE).rollbackTransaction();
    } catch {
      // If the previous transaction was the reason, its error comes first.
      await this.before;
      throw this.lostBy(error);
    } finally {
      await shut();
    }
    // With a full disk or a read-only database, the command has not failed, and must not be answered as failed.
    throw isDatabaseOutage(error) ? this.lostBy(error) : error;
  }

  /**
   * Rolls back a transaction whose work still runs, and closes the connection, so that nothing of this work reaches another
   * transaction. The statement that it waits for is cancelled until the ROLLBACK behind it is answered; if it never is, the
   * connection is closed without an answer. Nothing is committed in either case, because no COMMIT was sent.
   */
  private async abandon({ runner, shut }: Begun, error: StillRunningError): Promise<never> {
    this.lost = error;
    await shut();
    // A request to cancel must not hit the COMMIT of the previous transaction.
    await this.before;
    const client = this.sql as unknown as Client;
    const answered = new AbortController();
    const undone = Promise.allSettled([this.sql.query({ text: 'ROLLBACK' })]).then(() => answered.abort());
    await sleep(ROLLED_BACK_WITHIN_MS, answered.signal);
    for (let tries = 0; tries < CANCELS && !answered.signal.aborted; tries += 1) {
      await requestCancel(client, CANCEL_WITHIN_MS);
      await sleep(CANCEL_WITHIN_MS / CANCELS, answered.signal);
    }
    if (!answered.signal.aborted) client.connection.stream.destroy();
    await undone;
    void client.end().catch(() => undefined);
    Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
    await runner.broadcaster.broadcast('AfterTransactionRollback').catch(() => undefined);
    throw error;
  }

  /**
   * Throws the error, or a ConnectionLostError if the connection does not work any more. An empty query finds out, because
   * the error may come from another server that the handler called; it succeeds in any state of a transaction.
   */
  private async rethrow(error: unknown): Promise<never> {
    try {
      await this.sql.query({ text: '' });
    } catch {
      throw this.lostBy(error);
    }
    throw isDatabaseOutage(error) ? this.lostBy(error) : error;
  }

  /**
   * Returns why the connection is lost. The first transaction that notices a session timeout is the one that caused it: the
   * one before it has committed, and for those behind it the connection is lost.
   */
  private lostBy(error: unknown): ConnectionLostError | TransactionTimeoutError {
    const timeout = [this.ended, error].find(isSessionTimeout);
    const isFirst = this.lost === undefined || this.lost instanceof StillRunningError;
    const lost =
      timeout !== undefined && isFirst ? new TransactionTimeoutError(timeout) : new ConnectionLostError(error);
    if (isFirst) this.lost = lost;
    return lost;
  }
}

function inboxConflict(error: unknown): never {
  if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
  throw new InboxConflictError('another transaction has inserted a row of the inbox', { cause: error });
}
