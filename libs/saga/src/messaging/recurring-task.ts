import { isDatabaseAway } from './database-away';
import type { Log } from './logger';
import { backoff, sleep } from './sleep';

const STOP_WITHIN_MS = 5_000;
const LATE_MS = 60_000;

/** Runs some work repeatedly, one run after the other; after a failure it backs off. */
export class RecurringTask {
  private readonly stopping = new AbortController();
  private idling = new AbortController();
  private triggered = false;
  private running: Promise<void> | undefined;
  /** Since when no run has succeeded; undefined when the last one did. */
  private unwellSince: number | undefined;
  private failure = '';

  constructor(
    private readonly options: {
      /** The name of the work in messages, such as `sweep the outbox`. */
      readonly name: string;
      readonly everyMs: number;
      /** How long it waits after a failure, unless the database is away. @default 200 ms, then doubling up to 5 s */
      readonly retryMs?: number;
      /** Resolves with whether there is more to do at once. */
      readonly work: () => Promise<boolean>;
      readonly log: Log;
      /**
       * A run that takes longer is logged repeatedly; a task that has done nothing for this time has a problem.
       * @default 60000
       */
      readonly lateMs?: number;
    },
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Starts the next run when the present one ends, or now. */
  trigger(): void {
    this.triggered = true;
    this.idling.abort();
  }

  /** That it has done nothing for longer than a run may take, and why; undefined while all is well. */
  problem(): string | undefined {
    const { name, lateMs = LATE_MS } = this.options;
    const forMs = this.unwellSince === undefined ? 0 : performance.now() - this.unwellSince;
    return forMs < lateMs ? undefined : `could not ${name} for ${Math.floor(forMs / 1_000)} s${this.failure}`;
  }

  /** Resolves when the present run has ended; does not wait for a run that waits for a broker that is away. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.idling.abort();
    const enough = new AbortController();
    await Promise.race([this.running, sleep(STOP_WITHIN_MS, enough.signal)]);
    enough.abort();
  }

  private async run(): Promise<void> {
    const { name, everyMs, retryMs, log } = this.options;
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        this.triggered = false;
        this.unwellSince ??= performance.now();
        const more = await this.watched();
        this.unwellSince = undefined;
        this.failure = '';
        failures = 0;
        if (!more) await this.idle(everyMs);
      } catch (error) {
        if (!signal.aborted) log.warn(`cannot ${name}, trying again: ${String(error)}`);
        failures += 1;
        this.failure = `: ${String(error)}`;
        await (retryMs === undefined || isDatabaseAway(error) ? backoff(failures, signal) : sleep(retryMs, signal));
      }
    }
  }

  /** One run. The work has its own time limits; the log says when it takes long. */
  private async watched(): Promise<boolean> {
    const { name, work, log, lateMs = LATE_MS } = this.options;
    const begunAt = performance.now();
    const say = (): void => log.warn(`to ${name} has taken ${Math.round(performance.now() - begunAt)} ms so far`);
    const watch = setInterval(say, lateMs).unref();
    try {
      return await work();
    } finally {
      clearInterval(watch);
    }
  }

  private async idle(ms: number): Promise<void> {
    if (this.triggered || this.stopping.signal.aborted) return;
    this.idling = new AbortController();
    await sleep(ms, this.idling.signal);
  }
}
