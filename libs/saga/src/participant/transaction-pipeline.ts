/*
 * A connection on which handlers' transactions follow each other. PostgreSQL takes the statements of a connection in turn,
 * so the next transaction begins when the COMMIT before it has been sent, not when it was answered: the two leave in one
 * write, and writes are most of what a short transaction costs its process.
 */
import type { EventEmitter } from 'node:events';
import type { Client } from 'pg';
import { QueryRunnerAlreadyReleasedError, type DataSource, type QueryRunner } from 'typeorm';
import type { InboxRow } from '../deduplication';
import { isDatabaseOutage, isSessionTimeout, sleep, requestCancel, sqlStateOf, type Sql } from '../messaging';
import { asksNothing } from './after-commit';
import type { Inbox } from './inbox';

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

/** The work of a transaction has not ended, and is not waited for any longer: it is undone while the work may go on. */
export class StillRunningError extends Error {}

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
/** How often a statement is cancelled before its connection is given up: the first request may come between two statements. */
const CANCELS = 5;
const CANCEL_WITHIN_MS = 1_000;
/** What waits for nothing in the database is undone sooner, and no request is needed. */
const ROLLED_BACK_WITHIN_MS = 50;

/** A transaction that has begun. */
interface Begun {
  readonly runner: QueryRunner;
  /** From now on nothing is sent any more that its handler asks. */
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
  /** Why nothing more may be run on it: the connection broke, or was ended for work that did not end. */
  lost: ConnectionLostError | TransactionTimeoutError | StillRunningError | undefined;
  private ended: unknown;
  /** Resolves when the transaction before has been answered. */
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
   * Runs the work in a transaction. Resolves when the next one may run, with what resolves when this one has committed, and
   * rejects when all of it was taken back, or with a ConnectionLostError. Work that rejects with a StillRunningError may go on:
   * nothing that it asks is sent any more, and its transaction is undone with the connection.
   */
  async run<T>(work: (runner: QueryRunner) => Promise<Handled<T>>): Promise<{ readonly ended: Promise<T> }> {
    const begun = this.begun();
    const { runner } = begun;
    let handled: Handled<T>;
    try {
      handled = await work(runner);
      await runner.broadcaster.broadcast('BeforeTransactionCommit');
    } catch (error) {
      const ended = error instanceof StillRunningError ? this.abandon(begun, error) : this.takeBack(begun, error);
      await Promise.allSettled([ended]);
      return { ended };
    }
    const ended = this.commit(begun, handled);
    this.before = ended.catch(() => undefined);
    // Who subscribes to TypeORM's events may ask things on this connection after the COMMIT, outside of any transaction.
    if (this.dataSource.subscribers.every(asksNothing)) await begun.shut();
    else await Promise.allSettled([ended]);
    return { ended };
  }

  /** Grows while the database answers; undefined where that cannot be seen. */
  answered(): number | undefined {
    const { connection } = this.sql as { connection?: { stream?: { bytesRead?: number } } };
    return connection?.stream?.bytesRead;
  }

  /** Gives the connection back. Not before the last transaction has ended. */
  async close(): Promise<void> {
    this.sql.off?.('error', this.onError);
    await this.holder.release();
  }

  /** BEGIN leaves with the first statements; when it fails, so do they. TypeORM is told, whose own way waits for the answer. */
  private begun(): Begun {
    const { sql } = this;
    sql.query({ text: this.begin }).catch(() => undefined);
    let isShut = false;
    // A statement that passed TypeORM's own check is stopped here: it would run in the next transaction, or outside of any.
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

  /** Sends the rows and the COMMIT together. In an aborted transaction COMMIT answers ROLLBACK without an error; the rows fail. */
  private async commit<T>({ runner, shut }: Begun, { result, rows }: Handled<T>): Promise<T> {
    const sent = [
      this.inbox.insert(this.sql, rows).catch(keptByOther),
      this.sql.query({ name: 'palinode-commit', text: 'COMMIT' }),
    ];
    Object.assign(runner, { isTransactionActive: false, transactionDepth: 0 });
    try {
      for (const each of await Promise.allSettled(sent))
        if (each.status === 'rejected') await this.survive(each.reason);
      await runner.broadcaster.broadcast('AfterTransactionCommit');
      return result;
    } finally {
      await shut();
    }
  }

  private async takeBack({ runner, shut }: Begun, error: unknown): Promise<never> {
    try {
      // All of it, also when the handler has left a savepoint open.
      await Object.assign(runner, ACTIVE).rollbackTransaction();
    } catch {
      // If the transaction before was the reason, it says so first.
      await this.before;
      throw this.lostBy(error);
    } finally {
      await shut();
    }
    // A full disk or a read-only database is no fault of the command, which must not be answered as failed.
    throw isDatabaseOutage(error) ? this.lostBy(error) : error;
  }

  /**
   * Undoes a transaction whose work still runs, and ends the connection, so that whatever the work has reached of it reaches
   * nobody else. What it waits for in the database is cancelled until the ROLLBACK behind it is answered; should that never
   * happen, the connection is closed without an answer. Nothing is committed in either case: no COMMIT was sent.
   */
  private async abandon({ runner, shut }: Begun, error: StillRunningError): Promise<never> {
    this.lost = error;
    await shut();
    // A request to cancel must not meet the COMMIT of the transaction before.
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

  /**
   * Why it is lost. A session that timed out did so for the first transaction that meets it: the one before had been committed,
   * and for those behind it the connection is lost.
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

function keptByOther(error: unknown): never {
  if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
  throw new KeptByOtherError('kept by somebody else', { cause: error });
}
