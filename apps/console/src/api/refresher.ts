import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Refetches the queries below a key when they may have changed: at once for the first change, then for all changes that
 * arrive meanwhile, once the answer is there and `collectMs` have passed. A request under way is not cancelled, since its
 * answer would never arrive in a flood of changes; another follows it, since it may have read before the change.
 */
export class Refresher {
  private isRefreshing = false;
  /** Whether a change has arrived since the queries were refetched last. */
  private hasChanged = false;
  /** Whether the queries have to be refetched once more. */
  private again = false;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private isEnded = false;

  constructor(
    private readonly queries: QueryClient,
    private readonly queryKey: QueryKey,
    private readonly collectMs: number,
    /** Whether an answer may have missed the change even when it was asked for after it: another one follows. */
    private readonly lags = false,
  ) {}

  readonly changed = (): void => {
    this.hasChanged = true;
    this.again = true;
    if (!this.isRefreshing) void this.refresh();
  };

  end(): void {
    this.isEnded = true;
    clearTimeout(this.waiting);
    // The next screen must not show from the cache what changed meanwhile.
    if (this.again) void this.queries.invalidateQueries({ queryKey: this.queryKey });
  }

  private async refresh(): Promise<void> {
    const { queries, queryKey } = this;
    this.isRefreshing = true;
    while (this.again && !this.isEnded) {
      // Without a change since the last round, a request under way began after it: what was under way then was awaited.
      this.again = this.hasChanged && (this.lags || queries.isFetching({ queryKey }) > 0);
      this.hasChanged = false;
      await queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
      if (this.isEnded) break;
      await new Promise<void>((resolve) => (this.waiting = setTimeout(resolve, this.collectMs)));
    }
    this.isRefreshing = false;
  }
}
