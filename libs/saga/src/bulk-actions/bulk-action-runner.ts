/*
 * Carries bulk actions out, in any instance. Each takes the items of its bulk action one after the other, at the rate that
 * was asked for, a second at a time. Then it looks again at whether it may go on.
 *
 * 1. An item is settled in the transaction of its action (bulk-action-store.ts), so no item is done twice and none is
 *    lost, whatever dies.
 * 2. After its canaries a bulk action goes on only when all of them have ended as meant. One that has not pauses it;
 *    while one is under way, it waits.
 */
import { randomUUID } from 'node:crypto';
import { shorten } from '../contract';
import { isDatabaseAway, RecurringTask, sleep, type Log } from '../messaging';
import type { BulkAction, Progress } from './bulk-action';
import { ItemNotPendingError, type BulkActionStore } from './bulk-action-store';
import { NotNowError, type BulkTargets } from './bulk-target';

const SLICE_MS = 1_000;
/** How many bulk actions an instance carries out at a time. */
const AT_ONCE = 5;

interface BulkActionRunnerOptions {
  readonly store: BulkActionStore;
  readonly targets: BulkTargets;
  readonly log: Log;
  /** How often it looks for bulk actions, and at what became of canaries. @default 1000 */
  readonly everyMs?: number;
}

export class BulkActionRunner {
  private readonly instance = randomUUID();
  private readonly stopping = new AbortController();
  private readonly task: RecurringTask;

  constructor(private readonly options: BulkActionRunnerOptions) {
    const { log, everyMs = 1_000 } = options;
    const work = (): Promise<boolean> => this.run();
    this.task = new RecurringTask({ name: 'carry out bulk actions', everyMs, work, log });
  }

  start(): void {
    this.task.start();
  }

  /** Looks for bulk actions now. */
  trigger(): void {
    this.task.trigger();
  }

  /** Why bulk actions do not go on; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.task.stop();
    // When the database is away, the leases expire.
    await this.options.store.giveBack(this.instance).catch(() => undefined);
  }

  /** Works for up to a second on what is under way; resolves with whether some of it can go on at once. */
  async run(): Promise<boolean> {
    const claimed = await this.options.store.claim(this.instance, AT_ONCE);
    const worked = await Promise.allSettled(claimed.map((bulkAction) => this.workOn(bulkAction)));
    // None of them may still be at work when the next run begins.
    for (const each of worked) if (each.status === 'rejected') throw each.reason;
    const more = worked.some((each) => each.status === 'fulfilled' && each.value);
    return more && !this.stopping.signal.aborted;
  }

  private async workOn(bulkAction: BulkAction): Promise<boolean> {
    const { store, log } = this.options;
    const progress = only(await store.progressOf([bulkAction.id]));
    const next = nextOf(bulkAction, progress);
    if (next === 'wait') return false;
    if (next === 'act') return this.actOnSome(bulkAction, progress);
    const proceeded = await store.proceed(bulkAction, next);
    if (proceeded) log.log(`the bulk action ${bulkAction.id} is ${next.status}${next.why ? `: ${next.why}` : ''}`);
    return proceeded && next.status === 'running';
  }

  private async actOnSome(bulkAction: BulkAction, { items }: Progress): Promise<boolean> {
    const { id, rate, canary, canaryPassed, stopOnFailure } = bulkAction;
    const isPastCanaries = canary === undefined || canaryPassed;
    const left = isPastCanaries ? rate : Math.min(rate, canary - items.done);
    const begunAt = performance.now();
    const targetIds = await this.options.store.pending(id, left);
    for (const [n, targetId] of targetIds.entries()) {
      await this.paceTo(begunAt + (n * SLICE_MS) / rate);
      if (this.stopping.signal.aborted || performance.now() - begunAt > 2 * SLICE_MS) return true;
      const result = await this.actOn(bulkAction, targetId);
      if (result === 'halted' || (result === 'failed' && (stopOnFailure || !isPastCanaries))) return true;
    }
    await this.paceTo(begunAt + (targetIds.length * SLICE_MS) / rate);
    return true;
  }

  private async actOn(bulkAction: BulkAction, targetId: string): Promise<'settled' | 'failed' | 'halted'> {
    const { store, targets, log } = this.options;
    const { id, order } = bulkAction;
    const settleIn = store.settle.bind(store);
    try {
      const outcome = await targets
        .of(order)
        .act(order, bulkAction, targetId, (client, settled) => settleIn(client, id, targetId, settled));
      if (outcome !== 'settled') await settleIn(store.pool, id, targetId, outcome);
      return 'settled';
    } catch (error) {
      // Another instance settled the item first, or an operator paused the bulk action.
      if (error instanceof ItemNotPendingError) return 'halted';
      if (isDatabaseAway(error) || error instanceof NotNowError) throw error;
      log.warn(`the bulk action ${id} failed for ${targetId}: ${String(error)}`);
      const detail = shorten(String(error), 1_000);
      return this.fail(id, targetId, detail);
    }
  }

  private async fail(id: string, targetId: string, detail: string): Promise<'failed' | 'halted'> {
    const { store } = this.options;
    try {
      await store.settle(store.pool, id, targetId, { status: 'failed', reason: 'error', detail });
      return 'failed';
    } catch (error) {
      if (error instanceof ItemNotPendingError) return 'halted';
      throw error;
    }
  }

  private async paceTo(instant: number): Promise<void> {
    const ms = instant - performance.now();
    if (ms > 0) await sleep(ms, this.stopping.signal);
  }
}

/** What a bulk action does next: act on items, wait for what becomes of its canaries, or come to another status. */
export type Next =
  'act' | 'wait' | { readonly status: 'running' | 'waiting' | 'paused' | 'completed'; readonly why?: string };

export function nextOf(
  { status, canary, canaryPassed, stopOnFailure, failuresAccepted }: Omit<BulkAction, 'order'>,
  { items, outcomes }: Progress,
): Next {
  if (status === 'waiting') {
    if (outcomes.otherwise > 0) return { status: 'paused', why: failedCanaries(outcomes.otherwise, items.done) };
    return outcomes.pending > 0 ? 'wait' : { status: 'running' };
  }
  if (canary !== undefined && !canaryPassed && items.failed > 0)
    return { status: 'paused', why: failedCanaries(items.failed, items.done + items.failed) };
  const failures = items.failed + outcomes.otherwise;
  if (stopOnFailure && failures > failuresAccepted)
    return { status: 'paused', why: `${failures} items failed, or came to another end than was meant.` };
  if (items.pending === 0) return { status: 'completed' };
  if (canary !== undefined && !canaryPassed && items.done >= canary)
    return { status: 'waiting', why: `It waits for what becomes of its first ${items.done} items.` };
  return 'act';
}

function only<T>(found: ReadonlyMap<string, T>): T {
  const [first] = found.values();
  if (first === undefined) throw new Error('The progress of a bulk action must be found.');
  return first;
}

function failedCanaries(failed: number, of: number): string {
  return `${failed} of its first ${of} items came to another end than was meant; look at them, then resume or stop it.`;
}
