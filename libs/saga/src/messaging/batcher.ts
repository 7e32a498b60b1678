/*
 * Collects items while a batch runs, so that they share the cost of the next one. It adds no delay: an idle batcher
 * starts a batch one macrotask after the first item, when all partitions of a fetch have added theirs.
 */
interface Waiting<T> {
  readonly items: readonly T[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Batcher<T> {
  private waiting: Waiting<T>[] = [];
  private scheduled = false;

  constructor(
    private readonly handleBatch: (items: readonly T[]) => Promise<void>,
    private readonly limit = 200,
  ) {}

  /** Resolves when the batch with these items has, in their order; rejects with the error of that batch. */
  async add(items: readonly T[]): Promise<void> {
    for (let from = 0; from < items.length; from += this.limit)
      await this.enqueue(items.slice(from, from + this.limit));
  }

  private enqueue(items: readonly T[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => void this.run());
  }

  private async run(): Promise<void> {
    const batch = this.take();
    try {
      await this.handleBatch(batch.flatMap(({ items }) => items));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.scheduled = false;
    if (this.waiting.length > 0) this.schedule();
  }

  private take(): Waiting<T>[] {
    let count = 0;
    let entries = 0;
    for (const { items } of this.waiting) {
      if (entries > 0 && count + items.length > this.limit) break;
      count += items.length;
      entries += 1;
    }
    return this.waiting.splice(0, entries);
  }
}
