import type { Alarm, Clock } from '../clock';

export interface DeadlineLimits {
  /** How long a request may take from its first byte to its last. */
  readonly requestArrivalMs: number;
  /** How long a connection without a pending request may be idle. */
  readonly connectionIdleMs: number;
}

/** Closes a connection whose client does not finish a request in time, or is idle for too long. */
export class ConnectionDeadlines {
  lastActiveMs: number;
  private arrival: Alarm | undefined;
  private idle: Alarm | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly limits: DeadlineLimits,
    /** Whether a request is being handled; that has no time limit. */
    private readonly isAnswering: () => boolean,
    private readonly end: () => void,
  ) {
    this.lastActiveMs = clock.now();
    this.watchIdle(limits.connectionIdleMs);
  }

  /** Called when data arrives and when a response was sent. */
  active(): void {
    this.lastActiveMs = this.clock.now();
  }

  /** A request has arrived in part; its deadline keeps running. */
  expectArrival(): void {
    this.arrival ??= this.clock.after(this.limits.requestArrivalMs, this.end);
  }

  /** No request is incomplete, or the broker has paused reading. */
  expectNothing(): void {
    this.arrival?.cancel();
    this.arrival = undefined;
  }

  close(): void {
    this.expectNothing();
    this.idle?.cancel();
  }

  private watchIdle(afterMs: number): void {
    this.idle = this.clock.after(afterMs, () => {
      const silentMs = this.clock.now() - this.lastActiveMs;
      const { connectionIdleMs } = this.limits;
      if (silentMs < connectionIdleMs) this.watchIdle(connectionIdleMs - silentMs);
      else if (this.isAnswering()) this.watchIdle(connectionIdleMs);
      else this.end();
    });
  }
}
