import type { Alarm, Clock } from '../clock';

export interface DeadlineLimits {
  /** How long a request may take to arrive, from its first byte to its last. */
  readonly requestArrivalMs: number;
  /** How long nothing may happen on a connection that is owed nothing. */
  readonly connectionIdleMs: number;
}

/** Ends a connection whose client begins a request and does not finish it, or does nothing for long. */
export class ConnectionDeadlines {
  lastActiveMs: number;
  private arrival: Alarm | undefined;
  private idle: Alarm | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly limits: DeadlineLimits,
    /** Whether the broker owes the client an answer, which may take its time. */
    private readonly isOwing: () => boolean,
    private readonly end: () => void,
  ) {
    this.lastActiveMs = clock.now();
    this.watchIdle(limits.connectionIdleMs);
  }

  /** Called with everything that arrives, and when an answer has left. */
  active(): void {
    this.lastActiveMs = this.clock.now();
  }

  /** A request has begun and not ended; the time that it already takes goes on. */
  expectArrival(): void {
    this.arrival ??= this.clock.after(this.limits.requestArrivalMs, this.end);
  }

  /** No request is unfinished, or the broker itself does not read on. */
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
      else if (this.isOwing()) this.watchIdle(connectionIdleMs);
      else this.end();
    });
  }
}
