/**
 * How many orders are PENDING: what their table said last, and what was placed and ended here since. So it costs a request
 * nothing. What other instances did since shows with the next look, as does what was committed without a confirmation.
 */
export class PendingOrders {
  private estimate = 0;
  private looking: Promise<void> | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly countTable: () => Promise<number>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get count(): number {
    return Math.max(0, this.estimate);
  }

  placed(): void {
    this.estimate += 1;
  }

  ended(): void {
    this.estimate -= 1;
  }

  /** Counts the table when the last look is older than that; nobody looks twice at a time. Rejects when it cannot be read. */
  look({ olderThanMs }: { olderThanMs: number }): Promise<void> {
    if (this.looking === undefined && this.nowMs() - this.lookedAt < olderThanMs) return Promise.resolve();
    this.looking ??= this.readTable().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async readTable(): Promise<void> {
    this.lookedAt = this.nowMs();
    const before = this.estimate;
    const counted = await this.countTable();
    const meanwhile = this.estimate - before;
    this.estimate = counted + meanwhile;
  }
}
