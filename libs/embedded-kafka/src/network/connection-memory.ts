/** A connection whose memory is counted. */
export interface MemoryHolder {
  /** Closes the connection; `forget` follows. */
  destroy(): void;
}

/**
 * Limits the memory of all connections together: incomplete and waiting requests, and responses that clients have not
 * read. Above the limit the connection that holds most is closed, so that those with ordinary requests stay.
 */
export class ConnectionMemory {
  private readonly held = new Map<MemoryHolder, number>();
  private usedBytes = 0;

  constructor(private readonly totalBytes: number) {}

  get freeBytes(): number {
    return Math.max(0, this.totalBytes - this.usedBytes);
  }

  /** Records the memory that a connection holds now. */
  note(holder: MemoryHolder, bytes: number): void {
    this.usedBytes += bytes - (this.held.get(holder) ?? 0);
    if (bytes === 0) this.held.delete(holder);
    else this.held.set(holder, bytes);
    while (this.usedBytes > this.totalBytes) this.endLargest();
  }

  forget(holder: MemoryHolder): void {
    this.usedBytes -= this.held.get(holder) ?? 0;
    this.held.delete(holder);
  }

  private endLargest(): void {
    const [first, ...others] = this.held;
    if (!first) return;
    const [largest] = others.reduce((most, each) => (each[1] > most[1] ? each : most), first);
    this.forget(largest);
    largest.destroy();
  }
}
