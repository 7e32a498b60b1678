/** A connection, as far as its memory is concerned. */
export interface MemoryHolder {
  /** Ends the connection; `forget` follows. */
  destroy(): void;
}

/**
 * Bounds what all connections hold together: unfinished and waiting requests, and answers that are not read. When it
 * is too much the connection that holds most is ended, so that those with ordinary requests are not.
 */
export class ConnectionMemory {
  private readonly held = new Map<MemoryHolder, number>();
  private usedBytes = 0;

  constructor(private readonly totalBytes: number) {}

  get freeBytes(): number {
    return Math.max(0, this.totalBytes - this.usedBytes);
  }

  /** Notes what a connection holds now. */
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
