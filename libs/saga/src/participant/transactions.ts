/*
 * Runs handlers in their transactions. What must hold:
 *
 * 1. A message's inbox row is inserted, with the answer, in the transaction of its handler; nothing is answered that is
 *    not kept.
 * 2. Where the handler has a transaction of its own, nobody else handles the message while it runs.
 * 3. A handler that throws leaves nothing behind, nor do the other commands in its batch when they share its transaction: each runs again in its own.
 * 4. The same holds for one that does not end in time. It may go on, but reaches no transaction any more; its command is
 *    answered once, by the failure, and what comes of the handler later is dropped.
 * 5. Nobody's outcome waits for the slowest: it is told when its own transaction has been answered.
 */
import { type DataSource, EntityManager } from 'typeorm';
import { ConfigurationError, type Rejection } from '../contract';
import type { InboxDecision, InboxRow } from '../deduplication';
import { contextOf, openContext } from '../handlers';
import {
  hookContext,
  type Hooks,
  isTransactionConflict,
  type LogFields,
  messageFields,
  poolOf,
  type Tables,
} from '../messaging';
import type { Delivery } from './delivery';
import { HandlerTimeoutError, type HandlerWatch, type Watched } from './handler-watch';
import { answeredRow, type CommandLock, Inbox, tombstone } from './inbox';
import { invoke, type RegisteredHandler } from './registered-handler';
import { answer, type Answer, answerWith } from './reply';
import { SharedEntityManager } from './shared-entity-manager';
import { CallNotKeptError, callsOf, ThirdPartyJournal } from './third-party-calls';
import {
  ConnectionLostError,
  type Handled,
  InboxConflictError,
  type PipelineOptions,
  StillRunningError,
  TransactionPipeline,
  TransactionTimeoutError,
} from './transaction-pipeline';

/** A delivery with what was decided about it. */
export interface Job {
  readonly delivery: Delivery;
  readonly handler: RegisteredHandler;
  readonly decision: Extract<InboxDecision, { kind: 'run' | 'write-tombstone' | 'nothing-to-undo' }>;
}

/** `lost`: somebody else holds one of the ids by now, so it must be decided anew. `failed`: rolled back, not yet kept. */
type NotKept =
  { readonly kind: 'failed'; readonly rejection: Rejection; readonly error: unknown } | { readonly kind: 'lost' };

/** `kept`: committed and on the disk. */
export type JobResult = { readonly kind: 'kept'; readonly answer: Answer } | NotKept;

/** What a handler came to, and what is to be called when that is committed and on the disk. */
interface Done {
  readonly answer: Answer;
  readonly afterCommit: readonly (() => void)[];
}

/** What a job came to. What is committed may not be on the disk: `isDurable`. */
export type TransactionOutcome =
  { readonly kind: 'committed'; readonly done: Done; readonly isDurable: boolean } | NotKept;

/** Told of each job when it has come to its outcome. */
export type Ended = (job: Job, outcome: TransactionOutcome) => void;

export interface PerCommandOptions {
  /** Whether to wait for others who handle one of the commands. */
  readonly wait: boolean;
  readonly watch: HandlerWatch;
  readonly ended: Ended;
  /** How much of their handlers' time was spent in a shared transaction that was undone. */
  readonly spentMs?: number | undefined;
}

export interface TransactionsOptions {
  /** @default those without a schema and a prefix */
  readonly tables?: Tables | undefined;
  readonly hooks?: Hooks | undefined;
}

/** A job that waits for a connection, and how often it has lost against another transaction. */
interface QueuedJob {
  readonly job: Job;
  readonly tries: number;
}

/** The relay of events, the lock and a transaction of either kind may each keep one while they wait for another. */
const LEAST_CONNECTIONS = 5;
const CONFLICT_TRIES = 5;
const LOST: NotKept = { kind: 'lost' };
const CONFLICT = 'conflict';

export class Transactions {
  /**
   * Half of the pool, so that a handler that asks for a second connection, or a request over HTTP, gets one; and so few that
   * beside them, the shared transaction, the lock and the relay of events one is always left, which whoever waits gets in turn.
   */
  private readonly atOnce: number;
  /** Those of handlers with a transaction of their own, and of the lock that is held meanwhile. */
  private readonly forPerCommand: Connections;
  private readonly forPerBatch = new Connections(1);

  readonly inbox: Inbox;
  readonly journal: ThirdPartyJournal;
  private readonly hooks: Hooks | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly service: string,
    { tables, hooks }: TransactionsOptions = {},
  ) {
    this.hooks = hooks;
    this.inbox = new Inbox(tables);
    this.journal = new ThirdPartyJournal(poolOf(dataSource), this.inbox, tables);
    const { max } = poolOf(dataSource).options;
    if (max < LEAST_CONNECTIONS)
      throw new ConfigurationError(
        `${service} has a pool of ${max} connections and needs ${LEAST_CONNECTIONS} or more: one for the relay of events, ` +
          'one for the lock on commands, two for their transactions of either kind, and one for whatever else asks. Set `max` ' +
          'in `extra` of the DataSource (DATABASE_CONNECTIONS in the shop).',
      );
    this.atOnce = Math.max(1, Math.min(Math.floor(max / 2), max - LEAST_CONNECTIONS + 1));
    this.forPerCommand = new Connections(this.atOnce + 1);
  }

  /**
   * Each job in a transaction of its own, whose commit does not wait for the disk: the commit of their lock does, for all of them. What
   * somebody else handles is `lost`, at once or, with `wait`, when they have done so. Resolves when all have ended and are on
   * the disk.
   */
  async perCommand(jobs: readonly Job[], { wait, watch, ended, spentMs }: PerCommandOptions): Promise<void> {
    if (jobs.length === 0) return;
    const taken = await this.forPerCommand.take(2, Math.min(jobs.length, this.atOnce) + 1);
    let pipelinesLeft = taken - 1;
    try {
      const lock = await this.lock(jobs, wait, watch);
      const queue: QueuedJob[] = [];
      for (const job of jobs)
        if (lock.isFree(idsOf(job))) queue.push({ job, tries: 0 });
        else ended(job, LOST);
      const pipelines = Array.from({ length: pipelinesLeft }, async () => {
        // Another connection where a slow handler has ended the one before.
        while (queue.length > 0) await this.runQueue(queue, { watch, ended, spentMs });
        pipelinesLeft -= 1;
        this.forPerCommand.giveBack(1);
      });
      for (const each of await Promise.allSettled(pipelines)) if (each.status === 'rejected') lock.abandon(each.reason);
      await lock.end();
    } finally {
      this.forPerCommand.giveBack(pipelinesLeft + 1);
    }
  }

  /** Nobody's answer waits for it, as for a slow handler: it may be one that another instance runs. */
  private lock(jobs: readonly Job[], wait: boolean, watch: HandlerWatch): Promise<CommandLock> {
    const [first] = jobs;
    const over = (): Promise<CommandLock> => this.inbox.lock(this.dataSource, jobs.flatMap(idsOf), wait);
    if (!wait || first === undefined) return over();
    return watch.within({ ...watchedOf(first), timeoutMs: Number.POSITIVE_INFINITY, isLock: true }, over);
  }

  /**
   * Runs jobs on one connection while there are any; those that lose against another transaction again, after the others. A
   * job whose handler is too slow ends the connection, and fails alone.
   */
  private async runQueue(
    queue: QueuedJob[],
    { watch, ended, spentMs = 0 }: Omit<PerCommandOptions, 'wait'>,
  ): Promise<void> {
    const pipeline = await this.pipeline('does not wait');
    try {
      let unkept: CallNotKeptError | undefined;
      const note = (error: CallNotKeptError): unknown => (unkept ??= error);
      while (queue.length > 0 && pipeline.lost === undefined) {
        const ends: Promise<void>[] = [];
        for (let next = queue.shift(); next !== undefined; next = pipeline.lost ? undefined : queue.shift()) {
          const { job, tries } = next;
          const outcome = this.outcomeOf(await this.handlePerCommand(pipeline, job, watch, spentMs), note);
          ends.push(
            outcome.then((each) => {
              if (each !== CONFLICT) ended(job, each);
              else if (tries + 1 < CONFLICT_TRIES) queue.push({ job, tries: tries + 1 });
              else ended(job, LOST);
            }),
          );
        }
        await Promise.all(ends);
      }
      const isSlow = pipeline.lost instanceof TransactionTimeoutError || pipeline.lost instanceof StillRunningError;
      const error = isSlow ? unkept : (pipeline.lost ?? unkept);
      if (error) throw error;
    } finally {
      await pipeline.close();
    }
  }

  private pipeline(commit: PipelineOptions['commit']): Promise<TransactionPipeline> {
    return TransactionPipeline.over({ dataSource: this.dataSource, inbox: this.inbox, commit });
  }

  private async outcomeOf(
    { ended }: { readonly ended: Promise<Done> },
    unkept: (error: CallNotKeptError) => unknown,
  ): Promise<TransactionOutcome | typeof CONFLICT> {
    try {
      return { kind: 'committed', done: await ended, isDurable: false };
    } catch (error) {
      if (isTransactionConflict(error)) return CONFLICT;
      if (error instanceof CallNotKeptError) unkept(error);
      if (
        error instanceof CallNotKeptError ||
        error instanceof InboxConflictError ||
        error instanceof ConnectionLostError
      )
        return LOST;
      return { kind: 'failed', rejection: rejectionOf(error), error };
    }
  }

  /** Of a job whose commit is on the disk by now. What a callback throws changes nothing: the inbox has the answer. */
  async settled(job: Job, outcome: TransactionOutcome): Promise<JobResult> {
    if (outcome.kind !== 'committed') return outcome;
    return this.kept(job, outcome.done).catch(() => LOST);
  }

  /**
   * All jobs side by side in one transaction with one commit that waits for the disk. When anything in it threw, or it waits
   * for one of them for too long, nothing has happened, none has ended, and it resolves with how long that took: each is then
   * to be tried singly.
   */
  async perBatch(
    jobs: readonly Job[],
    watch: HandlerWatch,
    ended: Ended,
  ): Promise<{ readonly rolledBackAfterMs?: number }> {
    if (jobs.length === 0) return {};
    await this.forPerBatch.take(1, 1);
    const begunAt = performance.now();
    try {
      const all = await this.runPerBatch(jobs, watch);
      for (const [index, done] of all.entries())
        ended(jobs[index] as Job, { kind: 'committed', done, isDurable: true });
      return {};
    } catch (error) {
      if (error instanceof ConnectionLostError) throw error;
      return { rolledBackAfterMs: performance.now() - begunAt };
    } finally {
      this.forPerBatch.giveBack(1);
    }
  }

  /** Runs all side by side, then keeps all: a conflict with somebody else takes everything back. */
  private async runPerBatch(jobs: readonly Job[], watch: HandlerWatch): Promise<Done[]> {
    const pipeline = await this.pipeline('waits for the disk');
    try {
      const { ended } = await pipeline.run(async (runner) => {
        const managers = jobs.map(() => new SharedEntityManager(this.dataSource, runner));
        try {
          // Every handler comes to its end before anything is rolled back, so that none writes into the next transaction.
          const settled = await watch.together(
            jobs.map(watchedOf),
            (each) =>
              Promise.allSettled(
                jobs.map((job, index) =>
                  each(watchedOf(job), () => this.handlePerBatch(managers[index] as SharedEntityManager, job)),
                ),
              ),
            () => pipeline.answered(),
          );
          const handled = settled.map((each) => {
            if (each.status === 'rejected') throw each.reason;
            return each.value;
          });
          return { result: handled.map(({ result }) => result), rows: handled.flatMap(({ rows }) => rows) };
        } catch (error) {
          if (error instanceof StillRunningError) for (const tx of managers) contextOf(tx)?.abandon(error);
          throw error;
        }
      });
      return await ended;
    } finally {
      await pipeline.close();
    }
  }

  private async handlePerBatch(tx: SharedEntityManager, job: Job): Promise<Handled<Done>> {
    const handled = await this.handle(tx, job);
    if (tx.nested) throw tx.nested;
    return handled;
  }

  /** Resolves when the next transaction may run on the pipeline. */
  private async handlePerCommand(
    pipeline: TransactionPipeline,
    job: Job,
    watch: HandlerWatch,
    spentMs: number,
  ): Promise<{ readonly ended: Promise<Done> }> {
    let tx: EntityManager | undefined;
    const { ended } = await pipeline.run(async (runner) => {
      const own = (tx = new EntityManager(this.dataSource, runner));
      return watch
        .within(watchedOf(job), () => this.handle(own, job), spentMs)
        .catch((error: unknown) => {
          if (error instanceof StillRunningError) contextOf(own)?.abandon(error);
          throw error;
        });
    });
    const abandoned = async (error: unknown): Promise<never> => {
      if (error instanceof HandlerTimeoutError && tx) await callsOf(tx)?.abandon(error);
      throw error;
    };
    return { ended: ended.catch(abandoned) };
  }

  private async handle(tx: EntityManager, job: Job): Promise<Handled<Done>> {
    const { delivery, handler, decision } = job;
    const { command, contract } = delivery;
    const calls = this.journal.open(tx, command, handler.transaction);
    const context = openContext(tx, command);
    if (decision.kind !== 'run' && !(await calls.hasCallOfAction())) {
      const nothing = answer(command, this.service, 'success', null);
      return { result: { answer: nothing, afterCommit: [] }, rows: rowsOf(job, nothing) };
    }
    const refusal = this.hooks && (await this.hooks.beforeHandler(hookContext(command)));
    context.assertAwaited();
    const result = refusal ?? (await calls.around(invoke(handler, command.data, tx)));
    context.assertAwaited();
    const kept = answerWith(contract, command, this.service, result);
    await calls.settle();
    if (this.hooks) await this.hooks.beforeCommit(hookContext(command));
    return { result: { answer: kept, afterCommit: context.afterCommit }, rows: rowsOf(job, kept) };
  }

  private async kept({ delivery }: Job, { answer: kept, afterCommit }: Done): Promise<JobResult> {
    for (const callback of afterCommit) callback();
    if (this.hooks) await this.hooks.afterCommit(hookContext(delivery.command));
    return { kind: 'kept', answer: kept };
  }
}

/** What the job inserts with this answer. */
function rowsOf({ delivery: { command, digest }, decision }: Job, kept: Answer): InboxRow[] {
  const row = answeredRow(kept, digest);
  return decision.kind === 'write-tombstone' ? [row, tombstone(decision.undoes, command)] : [row];
}

/** Of the rows that the job will insert. */
function idsOf({ delivery, decision }: Job): string[] {
  return decision.kind === 'write-tombstone' ? [delivery.command.id, decision.undoes] : [delivery.command.id];
}

function watchedOf({ delivery: { command, contract }, handler: { timeoutMs } }: Job): Watched {
  const fields = (): LogFields => ({ command: contract.name, ...messageFields(command) });
  return { name: `${contract.name} of saga ${command.sagaid}`, timeoutMs, fields };
}

function rejectionOf(error: unknown): Rejection {
  if (error instanceof HandlerTimeoutError) return { reason: error.reason, detail: error.message };
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { reason: name, detail: message.slice(0, 500) };
}

interface Waiting {
  readonly least: number;
  readonly most: number;
  readonly resolve: (taken: number) => void;
}

/**
 * Distributes the connections that handlers may hold at once, so that one of the pool is always left for others: see
 * LEAST_CONNECTIONS.
 */
class Connections {
  private readonly waiting: Waiting[] = [];

  constructor(private free: number) {}

  /** Takes as many as are free, up to `most`, and waits until there are `least`. Requests are served in order. */
  async take(least: number, most: number): Promise<number> {
    return new Promise((resolve) => {
      this.waiting.push({ least, most, resolve });
      this.serve();
    });
  }

  giveBack(count: number): void {
    this.free += count;
    this.serve();
  }

  private serve(): void {
    for (let [next] = this.waiting; next !== undefined && next.least <= this.free; [next] = this.waiting) {
      const taken = Math.min(next.most, this.free);
      this.free -= taken;
      this.waiting.shift();
      next.resolve(taken);
    }
  }
}
