import { backoff } from '../sleep';

/** After this time without another crash a consumer counts as healthy again. */
const STEADY_AFTER_MS = 3_000;

/**
 * Whether a consumer works, and how long it waits before it is restarted. A consumer that repeatedly joins its group
 * and crashes waits longer each time, and counts as broken until it has not crashed for a while.
 */
export class ConsumerHealth {
  private crashes = 0;
  private joinedAt: number | undefined;
  private lastProblem: string | undefined = 'has not joined its group yet';

  constructor(private readonly elapsedMs = (): number => performance.now()) {}

  /** Why it does not work; undefined while it does. */
  problem(): string | undefined {
    if (this.crashes > 1 && this.steady()) this.recover();
    return this.lastProblem;
  }

  joined(): void {
    if (this.crashes > 1 && this.steady()) this.crashes = 0;
    this.joinedAt = this.elapsedMs();
    if (this.crashes < 2) this.lastProblem = undefined;
  }

  /** A crash without having joined means that the broker is away; kafkajs itself waits for that. */
  crashed(why: string): void {
    if (this.steady()) this.crashes = 0;
    if (this.joinedAt !== undefined) this.crashes += 1;
    this.joinedAt = undefined;
    this.lastProblem = `failed: ${why}`;
  }

  broken(problem: string): void {
    this.lastProblem = problem;
  }

  /** How long to wait before a restart: 0 after the first crash, then from 100 ms up to 5 s. */
  async backoff(signal: AbortSignal): Promise<void> {
    if (this.crashes > 1) await backoff(this.crashes - 2, signal);
  }

  private steady(): boolean {
    return this.joinedAt !== undefined && this.elapsedMs() - this.joinedAt >= STEADY_AFTER_MS;
  }

  private recover(): void {
    this.crashes = 0;
    this.lastProblem = undefined;
  }
}
