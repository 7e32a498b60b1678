/*
 * Runs handlers in their transactions. What must hold:
 *
 * 1. A message is claimed in the inbox before its handler runs, in the same transaction.
 * 2. The answer is kept in that transaction; nothing is answered that is not kept.
 * 3. A handler that throws leaves nothing behind, in a shared transaction also not of its neighbours: they run again singly.
 */
import { EntityManager, type DataSource, type QueryRunner } from 'typeorm';
import { isDatabaseAway, isTransactionConflict } from '../messaging';
import type { Decision } from './decide';
import type { Delivery } from './delivery';
import { contextOf, openContext } from './handler-context';
import { invoke, type RegisteredHandler } from './handlers';
import { claim, settle, type Claim } from './inbox';
import { answer, answerWith, failWith, type Answer } from './reply';

/** A delivery with what was decided about it. */
export interface Job {
  readonly delivery: Delivery;
  readonly handler: RegisteredHandler;
  readonly decision: Extract<Decision, { kind: 'run' | 'bury' | 'nothing-to-undo' }>;
}

/** `kept`: committed, and `durable` when the commit waited for the disk. `lost`: somebody else holds one of the ids by now, so it must be decided anew. `failed`: rolled back, not yet kept. */
export type JobResult =
  | { readonly kind: 'kept'; readonly answer: Answer; readonly durable: boolean }
  | { readonly kind: 'failed'; readonly answer: Answer }
  | { readonly kind: 'lost' };

const CONFLICT_RETRIES = 5;

export class Transactions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly service: string,
  ) {}

  /** One job in a transaction of its own, whose commit does not wait for the disk: the caller's barrier does. */
  async own(job: Job): Promise<JobResult> {
    for (let tries = 1; ; tries += 1) {
      try {
        const [result] = await this.run([job], true);
        return result ?? { kind: 'lost' };
      } catch (error) {
        if (error instanceof LostClaimError) return { kind: 'lost' };
        if (isTransactionConflict(error) && tries < CONFLICT_RETRIES) continue;
        if (isDatabaseAway(error)) throw error;
        return { kind: 'failed', answer: failWith(job.delivery.command, this.service, objectionOf(error)) };
      }
    }
  }

  /** All jobs side by side in one transaction with one commit that waits for the disk; singly when anything in it throws. */
  async shared(jobs: readonly Job[]): Promise<JobResult[]> {
    if (jobs.length === 0) return [];
    try {
      return await this.run(jobs, false);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      return Promise.all(jobs.map((job) => this.own(job)));
    }
  }

  private async run(jobs: readonly Job[], relaxed: boolean): Promise<JobResult[]> {
    const runner = this.dataSource.createQueryRunner();
    const committed: (() => void)[] = [];
    try {
      await runner.startTransaction();
      const results = await this.runClaimed(runner, jobs, relaxed, committed);
      await runner.commitTransaction();
      for (const callback of committed) callback();
      return results;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  private async runClaimed(
    runner: QueryRunner,
    jobs: readonly Job[],
    relaxed: boolean,
    committed: (() => void)[],
  ): Promise<JobResult[]> {
    const claims = jobs.flatMap(claimsOf);
    const claimed = await claim(runner.manager, claims, relaxed);
    // Rolled back whole: a tombstone without its compensation would bury an action for nothing.
    if (claimed.size < claims.length) throw new LostClaimError();
    // Every handler comes to its end before anything is rolled back, so that none writes into the next transaction.
    const settled = await Promise.allSettled(jobs.map((job) => this.answerOf(runner, job, committed)));
    const answers = settled.map((each) => {
      if (each.status === 'rejected') throw each.reason;
      return each.value;
    });
    await settle(runner.manager, answers);
    return answers.map((each) => ({ kind: 'kept', answer: each, durable: !relaxed }));
  }

  private async answerOf(
    runner: QueryRunner,
    { delivery, handler, decision }: Job,
    committed: (() => void)[],
  ): Promise<Answer> {
    const { command, contract } = delivery;
    if (decision.kind !== 'run') return answer(command, this.service, 'success', null);
    const tx = new EntityManager(this.dataSource, runner);
    openContext(tx, command);
    const result = await invoke(handler, command.data, tx);
    committed.push(...(contextOf(tx)?.afterCommit ?? []));
    return answerWith(contract, command, this.service, result);
  }
}

/** Somebody else holds one of the ids; in a shared transaction each member finds out for itself. */
class LostClaimError extends Error {}

function claimsOf({ delivery, decision }: Job): Claim[] {
  const own: Claim = { id: delivery.command.id, outcome: 'claimed' };
  return decision.kind === 'bury' ? [own, { id: decision.undoes, outcome: 'tombstone' }] : [own];
}

function objectionOf(error: unknown): { reason: string; detail: string } {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { reason: name, detail: message.slice(0, 500) };
}
