/*
 * Watches the handlers of a batch while they run. There is no timer per handler: {@link check} is called every 50 ms
 * while the batch runs. Invariants:
 *
 * 1. A handler that exceeds its time is no longer waited for. Time during which the process stood still does not count.
 * 2. A shared transaction is no longer waited for when neither the database nor a handler shows progress, nor after
 *    half of the time that its handlers have: each of them then has the rest in a transaction of its own.
 */
import { type Duration, durationOf, milliseconds } from '../contract';
import type { LogFields } from '../messaging';
import { StillRunningError } from './transaction-pipeline';

/** How long a handler may take, or that it has no limit. */
export type HandlerTimeout = Duration | 'off';

/** Below the timeout after which an orchestrator resends a command, unless its definition says otherwise: 5 s. */
export const HANDLER_TIMEOUT: HandlerTimeout = '4s';

/**
 * Converts to milliseconds.
 *
 * @throws ConfigurationError for a value that is neither a duration nor `off`
 */
export function timeoutMsOf(timeout: HandlerTimeout): number {
  return timeout === 'off' ? Number.POSITIVE_INFINITY : milliseconds(timeout);
}

/** The handler has not ended within its time limit. Its transaction is rolled back, and its later result is dropped. */
export class HandlerTimeoutError extends StillRunningError {
  /** The reason of the failure with which its command is answered. */
  readonly reason = 'handler-timeout';

  constructor(what: string, timeoutMs: number) {
    super(`The handler of ${what} had not ended after ${durationOf(timeoutMs)}; its transaction was rolled back.`);
  }
}

/**
 * A transaction that several handlers share waits for one of them. It is rolled back, and each of them runs in its own.
 */
export class SharedTransactionSlowError extends StillRunningError {
  constructor() {
    super('The shared transaction waited for one of its handlers for too long; each of them runs in its own.');
  }
}

export const CHECK_EVERY_MS = 50;
/** After this time the results of other handlers are sent without waiting for this one. */
const SLOW_AFTER_MS = 100;
/** How long a shared transaction may show no progress; less if its handlers have less than four times as much. */
const SILENT_MS = 1_000;
/** A call that is this late means that the process was stopped, or the machine slept. */
const STOOD_STILL_MS = 1_000;

/** What a handler handles, or what is locked before it runs. */
export interface Watched {
  /** Such as `inventory.reserve-stock of saga …`. */
  readonly name: string;
  readonly timeoutMs: number;
  /** What the log says of its message, for programs. */
  readonly fields?: () => LogFields;
  /** True while waiting for the lock on the command, which another instance holds. */
  readonly isLock?: boolean;
}

interface Run {
  readonly watched: Watched | undefined;
  begunAt: number;
  /** Why it is no longer waited for. */
  readonly overtime: (ranMs: number) => StillRunningError | undefined;
  readonly stop: (error: StillRunningError) => void;
}

export class HandlerWatch {
  private readonly runs = new Set<Run>();
  private checkedAt: number;

  constructor(private readonly elapsedMs = (): number => performance.now()) {
    this.checkedAt = elapsedMs();
  }

  /**
   * Waits for the handler's result. Rejects with a HandlerTimeoutError when it has run for longer than its time, less
   * what it has spent before.
   */
  within<T>(watched: Watched, work: () => Promise<T>, spentMs = 0): Promise<T> {
    const { name, timeoutMs } = watched;
    const overtime = (ranMs: number): HandlerTimeoutError | undefined =>
      ranMs + spentMs < timeoutMs ? undefined : new HandlerTimeoutError(name, timeoutMs);
    return this.watch(work, overtime, watched);
  }

  /**
   * Waits for the results of handlers that share a transaction. Rejects with a SharedTransactionSlowError when that
   * waits for one of them. `answered` grows while the database answers.
   */
  together<T>(
    all: readonly Watched[],
    work: (each: <R>(watched: Watched, run: () => Promise<R>) => Promise<R>) => Promise<T>,
    answered: () => number | undefined,
  ): Promise<T> {
    const leastMs = Math.min(...all.map(({ timeoutMs }) => timeoutMs));
    const silentMs = Math.min(SILENT_MS, leastMs / 4);
    let ended = 0;
    let signs = '';
    let signMs = 0;
    const overtime = (ranMs: number): SharedTransactionSlowError | undefined => {
      const now = `${ended} ${answered()}`;
      if (now !== signs) [signs, signMs] = [now, ranMs];
      const isSlow = ranMs - signMs >= silentMs || ranMs >= leastMs / 2;
      return isSlow ? new SharedTransactionSlowError() : undefined;
    };
    const each = <R>(watched: Watched, run: () => Promise<R>): Promise<R> =>
      this.watch(run, () => undefined, watched).finally(() => (ended += 1));
    return this.watch(() => work(each), overtime);
  }

  /** Call this every {@link CHECK_EVERY_MS} while handlers may run. */
  check(): void {
    const now = this.elapsedMs();
    const missedMs = now - this.checkedAt;
    this.checkedAt = now;
    for (const run of this.runs) {
      if (missedMs > STOOD_STILL_MS) run.begunAt += missedMs;
      const error = run.overtime(now - run.begunAt);
      if (error !== undefined) run.stop(error);
    }
  }

  /** The running handlers, the slowest first, with how long they have run. */
  running(): (Pick<Watched, 'name' | 'fields'> & { readonly isLock: boolean; readonly ranMs: number })[] {
    const now = this.elapsedMs();
    // A set keeps the order of insertion.
    return [...this.runs].flatMap(({ watched, begunAt }) =>
      watched
        ? [{ name: watched.name, fields: watched.fields, isLock: watched.isLock === true, ranMs: now - begunAt }]
        : [],
    );
  }

  /** True when a handler has run for so long that the others must not wait for it. */
  isSlow(): boolean {
    return this.running().some(({ ranMs }) => ranMs >= SLOW_AFTER_MS);
  }

  private async watch<T>(
    work: () => Promise<T>,
    overtime: (ranMs: number) => StillRunningError | undefined,
    watched?: Watched,
  ): Promise<T> {
    let run: Run | undefined;
    const stopped = new Promise<never>((_, stop) => {
      run = { watched, begunAt: this.elapsedMs(), overtime, stop };
      this.runs.add(run);
    });
    try {
      return await Promise.race([work(), stopped]);
    } finally {
      if (run) this.runs.delete(run);
    }
  }
}
