/*
 * Runs handlers in their transactions. What must hold:
 *
 * 1. A message's inbox row is inserted, with the answer, in the transaction of its handler; nothing is answered that is
 *    not kept.
 * 2. Where the handler has a transaction of its own, nobody else handles the message while it runs.
 * 3. A handler that throws leaves nothing behind, in a shared transaction also not of its neighbours: they run again singly.
 */
import { EntityManager, type DataSource, type QueryRunner } from 'typeorm';
import { WiringError, type Objection } from '../contract';
import { faultTarget, isTransactionConflict, sqlStateOf, type Faults, type Sql } from '../messaging';
import type { Decision } from './decide';
import type { Delivery } from './delivery';
import { contextOf, openContext } from './handler-context';
import { invoke, type RegisteredHandler } from './handlers';
import { Guard } from './guard';
import { insert, type InboxRow } from './inbox';
import { poolOf } from './pool';
import { answer, answerWith, failWith, type Answer } from './reply';
import { SharedEntityManager } from './shared-entity-manager';

/** A delivery with what was decided about it. */
export interface Job {
  readonly delivery: Delivery;
  readonly handler: RegisteredHandler;
  readonly decision: Extract<Decision, { kind: 'run' | 'bury' | 'nothing-to-undo' }>;
}

/** `kept`: committed and on the disk. `lost`: somebody else holds one of the ids by now, so it must be decided anew. `failed`: rolled back, not yet kept. */
export type JobResult =
  | { readonly kind: 'kept'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly answer: Answer; readonly why: string }
  | { readonly kind: 'lost' };

const CONFLICT_RETRIES = 5;

const BEGIN = 'BEGIN';
/** Its commit does not wait for the disk. */
const BEGIN_WITHOUT_WAITING = 'BEGIN; SET LOCAL synchronous_commit = off';

export class Transactions {
  /** Half of the pool, so that a handler that asks for a second connection, or a request over HTTP, gets one. */
  private readonly atOnce: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly service: string,
    private readonly faults?: Faults,
  ) {
    const { max } = poolOf(dataSource).options;
    if (max < 2)
      throw new WiringError(`${service} needs a pool of 2 connections or more, for a handler and its guard.`);
    this.atOnce = Math.floor(max / 2);
  }

  /**
   * Each job in a transaction of its own, whose commit does not wait for the disk: their guard's does, for all of them. What
   * somebody else handles is `lost`, at once or, with `wait`, when they have done so. One call at a time.
   */
  async singly(jobs: readonly Job[], wait: boolean): Promise<JobResult[]> {
    if (jobs.length === 0) return [];
    const guard = await Guard.over(this.dataSource, jobs.flatMap(idsOf), wait);
    const work = eachOf(jobs, this.atOnce, async (job) => (guard.isFree(idsOf(job)) ? this.own(job) : LOST));
    const results = await work.catch((error: unknown) => guard.abandon(error));
    await guard.end();
    return results;
  }

  private async own(job: Job): Promise<JobResult> {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await this.runOwn(job);
        await this.faults?.strike('after-commit', faultTarget(job.delivery.command));
        return { kind: 'kept', answer };
      } catch (error) {
        if (error instanceof KeptByOtherError) return LOST;
        if (isTransactionConflict(error) && tries < CONFLICT_RETRIES) continue;
        if (error instanceof ConnectionLostError) throw error;
        return this.failed(job, objectionOf(error));
      }
    }
  }

  /**
   * All jobs side by side in one transaction with one commit that waits for the disk. Undefined when anything in it threw:
   * then nothing has happened, and each is to be tried singly.
   */
  async shared(jobs: readonly Job[]): Promise<JobResult[] | undefined> {
    if (jobs.length === 0) return [];
    try {
      const answers = await this.runShared(jobs);
      for (const { delivery } of jobs) await this.faults?.strike('after-commit', faultTarget(delivery.command));
      return answers.map((each) => ({ kind: 'kept', answer: each }));
    } catch (error) {
      if (error instanceof ConnectionLostError) throw error;
      return undefined;
    }
  }

  private failed({ delivery: { command, contract } }: Job, { reason, detail }: Objection): JobResult {
    const why = `${contract.name} of saga ${command.sagaid} failed: ${reason}: ${detail ?? ''}`;
    return { kind: 'failed', answer: failWith(command, this.service, { reason, detail }), why };
  }

  private async runOwn(job: Job): Promise<Answer> {
    return this.inTransaction(BEGIN_WITHOUT_WAITING, async ({ runner, sql, committed }) => {
      const answer = await this.answerOf(new EntityManager(this.dataSource, runner), job, committed);
      await commitWith(runner, insert(sql, [answer, ...tombstoneOf(job)]).catch(keptByOther));
      return answer;
    });
  }

  /** Runs all side by side, then keeps all: a conflict with somebody else takes everything back. */
  private async runShared(jobs: readonly Job[]): Promise<Answer[]> {
    return this.inTransaction(BEGIN, async ({ runner, sql, committed }) => {
      // Every handler comes to its end before anything is rolled back, so that none writes into the next transaction.
      const settled = await Promise.allSettled(jobs.map((job) => this.answerShared(runner, job, committed)));
      const answers = settled.map((each) => {
        if (each.status === 'rejected') throw each.reason;
        return each.value;
      });
      await commitWith(runner, insert(sql, [...answers, ...jobs.flatMap(tombstoneOf)]));
      return answers;
    });
  }

  private async inTransaction<T>(start: string, work: (open: OpenTransaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const committed: (() => void)[] = [];
    let begun: Promise<void> | undefined;
    try {
      const sql = await connect(runner);
      begun = begin(start, runner, sql);
      const result = await work({ runner, sql, committed });
      for (const callback of committed) callback();
      return result;
    } catch (error) {
      throw (await isRolledBack(runner)) ? error : new ConnectionLostError('The database is away.', { cause: error });
    } finally {
      await begun;
      await runner.release();
    }
  }

  private async answerShared(runner: QueryRunner, job: Job, committed: (() => void)[]): Promise<Answer> {
    const tx = new SharedEntityManager(this.dataSource, runner);
    const answer = await this.answerOf(tx, job, committed);
    if (tx.nested) throw tx.nested;
    return answer;
  }

  private async answerOf(
    tx: EntityManager,
    { delivery, handler, decision }: Job,
    committed: (() => void)[],
  ): Promise<Answer> {
    const { command, contract } = delivery;
    if (decision.kind !== 'run') return answer(command, this.service, 'success', null);
    openContext(tx, command);
    const refusal = await this.faults?.strike('before-handler', faultTarget(command));
    const result = refusal ?? (await invoke(handler, command.data, tx));
    committed.push(...(contextOf(tx)?.afterCommit ?? []));
    const kept = answerWith(contract, command, this.service, result);
    await this.faults?.strike('before-commit', faultTarget(command));
    return kept;
  }
}

/** Works on all items, so many at once; the results keep their order. Nothing runs on when it throws. */
async function eachOf<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return results;
}

interface OpenTransaction {
  readonly runner: QueryRunner;
  /** The transaction's connection itself, for prepared statements. */
  readonly sql: Sql;
  /** What to call when it has committed. */
  readonly committed: (() => void)[];
}

/** The connection broke, whatever the error said: what happened is not known, and a later try finds out. */
class ConnectionLostError extends Error {}

async function connect(runner: QueryRunner): Promise<Sql> {
  try {
    return (await runner.connect()) as Sql;
  } catch (error) {
    throw new ConnectionLostError('The database is away.', { cause: error });
  }
}

/**
 * False when the connection could not even roll back. Asked of the connection and not of the error, because a handler may
 * as well have failed to reach somebody else, and that is its own failure.
 */
async function isRolledBack(runner: QueryRunner): Promise<boolean> {
  if (!runner.isTransactionActive) return true;
  return runner.rollbackTransaction().then(
    () => true,
    () => false,
  );
}

/** Somebody else has kept one of the rows. */
class KeptByOtherError extends Error {}

const LOST: JobResult = { kind: 'lost' };
const UNIQUE_VIOLATION = '23505';

function keptByOther(error: unknown): never {
  throw sqlStateOf(error) === UNIQUE_VIOLATION
    ? new KeptByOtherError('kept by somebody else', { cause: error })
    : error;
}

/**
 * Begins without waiting, so that BEGIN leaves together with the first statements. Never rejects: what follows a BEGIN that
 * failed fails with its connection, and nobody may be listening yet. TypeORM is told, whose own way waits for the answer.
 */
async function begin(text: string, runner: QueryRunner, sql: Sql): Promise<void> {
  const begun = sql.query({ text });
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  await begun.catch(() => undefined);
}

/**
 * Sends the last statement and the COMMIT together. In an aborted transaction COMMIT answers ROLLBACK without an error, but
 * the statement before it fails.
 */
async function commitWith(runner: QueryRunner, last: Promise<void>): Promise<void> {
  const [kept, committed] = await Promise.allSettled([last, runner.commitTransaction()]);
  if (kept.status === 'rejected') throw kept.reason;
  if (committed.status === 'rejected') throw committed.reason;
}

function tombstoneOf({ decision }: Job): InboxRow[] {
  return decision.kind === 'bury' ? [{ id: decision.undoes, outcome: 'tombstone', reply: null }] : [];
}

/** Of the rows that the job will insert. */
function idsOf(job: Job): string[] {
  return [job.delivery.command.id, ...tombstoneOf(job).map(({ id }) => id)];
}

function objectionOf(error: unknown): Objection {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { reason: name, detail: message.slice(0, 500) };
}
