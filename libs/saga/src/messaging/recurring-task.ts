import type { Log } from './logger';
import { patience, pause } from './patience';

const STOP_WITHIN_MS = 5_000;

/** Does some work again and again, one run after the other; after a failure it waits longer each time. */
export class RecurringTask {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: {
      /** How messages call it, such as `sweep the outbox`. */
      readonly name: string;
      readonly everyMs: number;
      /** Resolves with whether there is more to do at once. */
      readonly work: () => Promise<boolean>;
      readonly log: Log;
    },
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the present run has ended; a run that waits for a broker that is away is left behind. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const enough = new AbortController();
    await Promise.race([this.running, pause(STOP_WITHIN_MS, enough.signal)]);
    enough.abort();
  }

  private async run(): Promise<void> {
    const { name, everyMs, work, log } = this.options;
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        const more = await work();
        failures = 0;
        if (!more) await pause(everyMs, signal);
      } catch (error) {
        if (!signal.aborted) log.warn(`cannot ${name}, trying again: ${String(error)}`);
        await patience((failures += 1), signal);
      }
    }
  }
}
