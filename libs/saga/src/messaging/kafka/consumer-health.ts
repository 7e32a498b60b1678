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

/** Work on a batch takes milliseconds, with slow handlers seconds. */
export const STUCK_AFTER_MS = 120_000;

interface Watched {
  readonly begunAt: number;
  failure: string | undefined;
}

/**
 * Measures how long the running batches have taken. A handler that never ends, or fails repeatedly, keeps its
 * partitions while the consumer is a healthy member of its group; no other part would report that nothing moves.
 */
export class BatchWatch {
  private readonly watched = new Set<Watched>();
  private loggedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly stuckAfterMs = STUCK_AFTER_MS,
    private readonly elapsedMs = (): number => performance.now(),
  ) {}

  /** Watches the work on a batch until it ends. The work reports through `failed` why it must begin again. */
  async over<T>(work: (failed: (error: unknown) => void) => Promise<T>): Promise<T> {
    const watched: Watched = { begunAt: this.elapsedMs(), failure: undefined };
    this.watched.add(watched);
    try {
      return await work((error) => (watched.failure = String(error)));
    } finally {
      this.watched.delete(watched);
    }
  }

  /** That the oldest of the batches takes too long; undefined while none does. */
  problem(): string | undefined {
    // A set keeps the order of insertion.
    const [oldest] = this.watched;
    const ageMs = oldest === undefined ? 0 : this.elapsedMs() - oldest.begunAt;
    if (oldest === undefined || ageMs < this.stuckAfterMs) return undefined;
    const why = oldest.failure === undefined ? '' : `, and begins again after: ${oldest.failure}`;
    return `has worked on one batch for ${Math.floor(ageMs / 1_000)} s${why}`;
  }

  /** The problem, for the log: at most once per time limit. */
  problemToLog(): string | undefined {
    const problem = this.problem();
    if (problem === undefined || this.elapsedMs() - this.loggedAt < this.stuckAfterMs) return undefined;
    this.loggedAt = this.elapsedMs();
    return problem;
  }
}
