/** Node allocates small buffers from shared pools of this size. */
const poolBytes = Buffer.poolSize;

interface CachedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly bytes: Buffer;
}

/** Limits the memory of all tail caches of a broker together. */
export class TailBudget {
  private readonly tails = new Set<TailCache>();
  usedBytes = 0;

  constructor(
    readonly totalBytes: number,
    readonly perPartitionBytes: number,
  ) {}

  enter(tail: TailCache): void {
    this.tails.add(tail);
  }

  leave(tail: TailCache): void {
    this.tails.delete(tail);
  }

  /** Halves the caches, beginning with the one that was not halved for longest, until all fit. */
  enforce(): void {
    for (const tail of this.tails) {
      if (this.usedBytes <= this.totalBytes) return;
      tail.halve();
      this.tails.delete(tail);
      this.tails.add(tail);
    }
  }
}

/** A small batch of a large request must not keep the whole request in memory. */
function compact(bytes: Buffer): Buffer {
  return bytes.buffer.byteLength > bytes.length * 2 + poolBytes ? Buffer.from(bytes) : bytes;
}

/** The newest batches of one partition in memory, so that consumers at the end of the log need no file read. */
export class TailCache {
  private batches: CachedBatch[] = [];
  private first = 0;
  private heldBytes = 0;

  constructor(private readonly budget: TailBudget) {
    budget.enter(this);
  }

  add(baseOffset: number, lastOffset: number, bytes: Buffer): void {
    this.batches.push({ baseOffset, lastOffset, bytes: compact(bytes) });
    this.heldBytes += bytes.length;
    this.budget.usedBytes += bytes.length;
    // Dropping a quarter at once keeps the cost of an append constant.
    if (this.heldBytes > this.budget.perPartitionBytes) this.shrinkTo(this.budget.perPartitionBytes * 0.75);
    if (this.budget.usedBytes > this.budget.totalBytes) this.budget.enforce();
  }

  /** Batches from the one that holds `offset`, below `endOffset`; undefined when the cache starts later. */
  read(offset: number, endOffset: number, maxBytes: number): Buffer[] | undefined {
    const oldest = this.batches[this.first];
    if (!oldest || offset < oldest.baseOffset) return undefined;
    const found: Buffer[] = [];
    let bytes = 0;
    for (let at = this.positionOf(offset); at < this.batches.length; at++) {
      const batch = this.batches[at]!;
      if (batch.lastOffset >= endOffset || (found.length > 0 && bytes + batch.bytes.length > maxBytes)) break;
      found.push(batch.bytes);
      bytes += batch.bytes.length;
    }
    return found;
  }

  halve(): void {
    this.shrinkTo(this.heldBytes / 2);
  }

  close(): void {
    this.shrinkTo(0);
    this.budget.leave(this);
  }

  private positionOf(offset: number): number {
    let low = this.first;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.batches[middle]!.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private shrinkTo(limitBytes: number): void {
    while (this.heldBytes > limitBytes && this.first < this.batches.length) {
      const { length } = this.batches[this.first]!.bytes;
      this.first++;
      this.heldBytes -= length;
      this.budget.usedBytes -= length;
    }
    this.batches = this.batches.slice(this.first);
    this.first = 0;
  }
}
