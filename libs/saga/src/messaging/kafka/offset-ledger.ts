import type { Consumer } from 'kafkajs';

const COMMIT_EVERY_MS = 250;

/** Remembers how far each partition is processed and commits that, at most every 250 ms and at shutdown. */
export class OffsetLedger {
  private readonly done = new Map<string, { topic: string; partition: number; offset: string }>();
  private timer: NodeJS.Timeout | undefined;
  private rebalances = 0;

  constructor(
    private readonly consumer: Consumer,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Changes with every rebalance. */
  get generation(): number {
    return this.rebalances;
  }

  record(topic: string, partition: number, lastOffset: string): void {
    this.done.set(`${topic}/${partition}`, { topic, partition, offset: String(BigInt(lastOffset) + 1n) });
    this.timer ??= setTimeout(() => void this.commit(), COMMIT_EVERY_MS);
  }

  /**
   * Every partition begins again at its committed offset. The remembered offsets may now belong to another member, or
   * to a log that the broker has lost, where they would skip new messages.
   */
  rebalance(): void {
    this.rebalances += 1;
    this.done.clear();
  }

  /** Commits what is processed. A failure is harmless: the messages are redelivered and deduplicated. */
  async commit(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const offsets = [...this.done.values()];
    this.done.clear();
    if (offsets.length === 0) return;
    try {
      await this.consumer.commitOffsets(offsets);
    } catch (error) {
      this.onError(error);
    }
  }
}

/**
 * Remembers how far each partition has been read. A log that ends before that is not the one that was read: the broker
 * has lost messages that it had acknowledged, and counts from the beginning again.
 */
export class ReadSoFar {
  private readonly ends = new Map<string, number>();

  record(topic: string, partition: number, lastOffset: string): void {
    this.ends.set(keyOf(topic, partition), Number(lastOffset) + 1);
  }

  /** How far the partition had been read, when its log is shorter now; returned once per loss. */
  lost(topic: string, partition: number, logEnd: string): number | undefined {
    const key = keyOf(topic, partition);
    const end = this.ends.get(key);
    if (end === undefined || Number(logEnd) >= end) return undefined;
    this.ends.delete(key);
    return end;
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
