const REMEMBERED = 50;
const FOR_MS = 60_000;

/** How long the last commits took: a slow disk is seen here first. */
export class CommitTimes {
  private times: readonly { readonly at: number; readonly ms: number }[] = [];

  /** @param now a clock in milliseconds that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Measures a commit; one that fails does not count. */
  async measure<T>(commit: () => Promise<T>): Promise<T> {
    const startedAt = this.now();
    const result = await commit();
    const at = this.now();
    this.times = [...this.times.slice(1 - REMEMBERED), { at, ms: at - startedAt }];
    return result;
  }

  /** The median of those of the last minute, of the last 50 at most; undefined when there was none. */
  medianMs(): number | undefined {
    const since = this.now() - FOR_MS;
    const recent = this.times.filter(({ at }) => at >= since).map(({ ms }) => ms);
    return recent.toSorted((a, b) => a - b)[Math.floor(recent.length / 2)];
  }
}
