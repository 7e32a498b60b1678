/**
 * Estimates the number of PENDING orders: the last count of the table, plus the orders placed and minus those ended here
 * since. So a request costs no query. Changes by other instances, and commits without a confirmation, appear with the next
 * count.
 */
export class PendingOrders {
  private estimate = 0;
  private counting: Promise<void> | undefined;
  private countedAt = Number.NEGATIVE_INFINITY;

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

  /**
   * Counts the table when the last count is older than that. Concurrent calls share one query. Rejects when the table cannot
   * be read.
   */
  recount({ olderThanMs }: { olderThanMs: number }): Promise<void> {
    if (this.counting === undefined && this.nowMs() - this.countedAt < olderThanMs) return Promise.resolve();
    this.counting ??= this.readTable().finally(() => (this.counting = undefined));
    return this.counting;
  }

  private async readTable(): Promise<void> {
    this.countedAt = this.nowMs();
    const before = this.estimate;
    const counted = await this.countTable();
    const meanwhile = this.estimate - before;
    this.estimate = counted + meanwhile;
  }
}
