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
