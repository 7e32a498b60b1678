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
import { faultTarget, isTransactionConflict, type Faults } from '../messaging';
import type { Decision } from './decide';
import type { Delivery } from './delivery';
import { openContext } from './handler-context';
import { invoke, type RegisteredHandler } from './handlers';
import { Guard } from './guard';
import { ConnectionLostError, KeptByOtherError, Lane, TransactionTimeoutError, type Handled } from './lane';
import { answeredRow, tombstone, type InboxRow } from './inbox';
import { poolOf } from './pool';
import { answer, answerWith, type Answer } from './reply';
import { SharedEntityManager } from './shared-entity-manager';
import { CallNotKeptError, ThirdPartyCalls } from './third-party-calls';

/** A delivery with what was decided about it. */
export interface Job {
  readonly delivery: Delivery;
  readonly handler: RegisteredHandler;
  readonly decision: Extract<Decision, { kind: 'run' | 'bury' | 'nothing-to-undo' }>;
}

/** `lost`: somebody else holds one of the ids by now, so it must be decided anew. `failed`: rolled back, not yet kept. */
type NotKept = { readonly kind: 'failed'; readonly objection: Objection } | { readonly kind: 'lost' };

/** `kept`: committed and on the disk. */
export type JobResult = { readonly kind: 'kept'; readonly answer: Answer } | NotKept;

/** A job and its place among the results. */
type Turn = readonly [index: number, job: Job];

/** What a handler came to, and what is to be called when that is committed and on the disk. */
interface Done {
  readonly answer: Answer;
  readonly afterCommit: readonly (() => void)[];
}

/** What a job in a transaction of its own came to, while that may not be on the disk. */
type Outcome = { readonly kind: 'committed'; readonly done: Done } | NotKept;

/** The relay of events, the lock and a transaction of either kind may each keep one while they wait for another. */
const LEAST_CONNECTIONS = 5;
const CONFLICT_TRIES = 5;
const LOST: NotKept = { kind: 'lost' };

export class Transactions {
  /**
   * Half of the pool, so that a handler that asks for a second connection, or a request over HTTP, gets one; and so few that
   * beside them, the shared transaction, the lock and the relay of events one is always left, which whoever waits gets in turn.
   */
  private readonly atOnce: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly service: string,
    private readonly faults?: Faults,
  ) {
    const { max } = poolOf(dataSource).options;
    if (max < LEAST_CONNECTIONS)
      throw new WiringError(
        `${service} has a pool of ${max} connections and needs ${LEAST_CONNECTIONS} or more: one for the relay of events, ` +
          'one for the lock on commands, two for their transactions of either kind, and one for whatever else asks. Set `max` ' +
          'in `extra` of the DataSource (DATABASE_CONNECTIONS in the shop).',
      );
    this.atOnce = Math.max(1, Math.min(Math.floor(max / 2), max - LEAST_CONNECTIONS + 1));
  }

  /**
   * Each job in a transaction of its own, whose commit does not wait for the disk: their guard's does, for all of them. What
   * somebody else handles is `lost`, at once or, with `wait`, when they have done so. One call at a time.
   */
  async singly(jobs: readonly Job[], wait: boolean): Promise<JobResult[]> {
    if (jobs.length === 0) return [];
    const guard = await Guard.over(this.dataSource, jobs.flatMap(idsOf), wait);
    const outcomes: Outcome[] = jobs.map(() => LOST);
    const free = [...jobs.entries()].filter(([, job]) => guard.isFree(idsOf(job)));
    const turns = free.values();
    const lanes = free.slice(0, this.atOnce).map(() => this.takeTurns(turns, outcomes));
    for (const each of await Promise.allSettled(lanes)) if (each.status === 'rejected') guard.abandon(each.reason);
    await guard.end();
    return Promise.all(outcomes.map((outcome, index) => this.settled(jobs[index] as Job, outcome)));
  }

  /**
   * Runs jobs on one connection while there are any; those that lose against another transaction again, after the others. A
   * job whose handler is too slow for the database's timeouts ends the connection, and fails alone: the others are `lost`.
   */
  private async takeTurns(turns: Iterable<Turn>, outcomes: Outcome[]): Promise<void> {
    const lane = await Lane.over(this.dataSource, 'does not wait');
    try {
      let left = turns;
      let unkept: CallNotKeptError | undefined;
      const note = (error: CallNotKeptError): unknown => (unkept ??= error);
      for (let tries = 0; tries < CONFLICT_TRIES; tries += 1) {
        const again: Turn[] = [];
        const ends: Promise<void>[] = [];
        for (const turn of left) {
          const [index, job] = turn;
          const { ended } = await lane.run((runner) => this.handleOwn(runner, job));
          const conflict = (): unknown => again.push(turn);
          ends.push(this.outcomeOf(ended, conflict, note).then((outcome) => void (outcomes[index] = outcome)));
          if (lane.lost) break;
        }
        await Promise.all(ends);
        if (lane.lost instanceof TransactionTimeoutError) return;
        if (lane.lost ?? unkept) throw lane.lost ?? unkept;
        left = again;
      }
    } finally {
      await lane.close();
    }
  }

  private async outcomeOf(
    ended: Promise<Done>,
    conflict: () => unknown,
    unkept: (error: CallNotKeptError) => unknown,
  ): Promise<Outcome> {
    try {
      return { kind: 'committed', done: await ended };
    } catch (error) {
      if (isTransactionConflict(error)) conflict();
      if (error instanceof CallNotKeptError) unkept(error);
      if (
        error instanceof CallNotKeptError ||
        error instanceof KeptByOtherError ||
        error instanceof ConnectionLostError
      )
        return LOST;
      return { kind: 'failed', objection: objectionOf(error) };
    }
  }

  /** Of a job whose commit is on the disk by now. What a callback throws changes nothing: the inbox has the answer. */
  private async settled(job: Job, outcome: Outcome): Promise<JobResult> {
    if (outcome.kind !== 'committed') return outcome;
    return this.kept(job, outcome.done).catch(() => LOST);
  }

  /**
   * All jobs side by side in one transaction with one commit that waits for the disk. Undefined when anything in it threw:
   * then nothing has happened, and each is to be tried singly.
   */
  async shared(jobs: readonly Job[]): Promise<JobResult[] | undefined> {
    if (jobs.length === 0) return [];
    try {
      const done = await this.runShared(jobs);
      return await Promise.all(done.map((each, index) => this.kept(jobs[index] as Job, each)));
    } catch (error) {
      if (error instanceof ConnectionLostError) throw error;
      return undefined;
    }
  }

  /** Runs all side by side, then keeps all: a conflict with somebody else takes everything back. */
  private async runShared(jobs: readonly Job[]): Promise<Done[]> {
    const lane = await Lane.over(this.dataSource, 'waits for the disk');
    try {
      const { ended } = await lane.run(async (runner) => {
        // Every handler comes to its end before anything is rolled back, so that none writes into the next transaction.
        const settled = await Promise.allSettled(jobs.map((job) => this.handleShared(runner, job)));
        const handled = settled.map((each) => {
          if (each.status === 'rejected') throw each.reason;
          return each.value;
        });
        return { result: handled.map(({ result }) => result), rows: handled.flatMap(({ rows }) => rows) };
      });
      return await ended;
    } finally {
      await lane.close();
    }
  }

  private async handleShared(runner: QueryRunner, job: Job): Promise<Handled<Done>> {
    const tx = new SharedEntityManager(this.dataSource, runner);
    const handled = await this.handle(tx, job);
    if (tx.nested) throw tx.nested;
    return handled;
  }

  private handleOwn(runner: QueryRunner, job: Job): Promise<Handled<Done>> {
    return this.handle(new EntityManager(this.dataSource, runner), job);
  }

  private async handle(tx: EntityManager, job: Job): Promise<Handled<Done>> {
    const { delivery, handler, decision } = job;
    const { command, contract } = delivery;
    const calls = ThirdPartyCalls.open(tx, command, handler.transaction);
    if (decision.kind !== 'run' && !(await calls.hasCallOfAction())) {
      const nothing = answer(command, this.service, 'success', null);
      return { result: { answer: nothing, afterCommit: [] }, rows: rowsOf(job, nothing) };
    }
    const { afterCommit } = openContext(tx, command);
    const refusal = await this.faults?.strike('before-handler', faultTarget(command));
    const result = refusal ?? (await calls.around(invoke(handler, command.data, tx)));
    const kept = answerWith(contract, command, this.service, result);
    await calls.settle();
    await this.faults?.strike('before-commit', faultTarget(command));
    return { result: { answer: kept, afterCommit }, rows: rowsOf(job, kept) };
  }

  private async kept({ delivery }: Job, { answer: kept, afterCommit }: Done): Promise<JobResult> {
    for (const callback of afterCommit) callback();
    await this.faults?.strike('after-commit', faultTarget(delivery.command));
    return { kind: 'kept', answer: kept };
  }
}

/** What the job inserts with this answer. */
function rowsOf({ delivery: { command, digest }, decision }: Job, kept: Answer): InboxRow[] {
  const row = answeredRow(kept, digest);
  return decision.kind === 'bury' ? [row, tombstone(decision.undoes, command)] : [row];
}

/** Of the rows that the job will insert. */
function idsOf({ delivery, decision }: Job): string[] {
  return decision.kind === 'bury' ? [delivery.command.id, decision.undoes] : [delivery.command.id];
}

function objectionOf(error: unknown): Objection {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { reason: name, detail: message.slice(0, 500) };
}
