import type { Alarm, Clock } from '../src/clock';

/** Time that passes when a test says so. */
export class ManualClock implements Clock {
  private alarms: { readonly at: number; readonly ring: () => void }[] = [];

  constructor(private current = 1_000_000) {}

  now(): number {
    return this.current;
  }

  after(delayMs: number, ring: () => void): Alarm {
    const alarm = { at: this.current + delayMs, ring };
    this.alarms.push(alarm);
    return { cancel: () => (this.alarms = this.alarms.filter((each) => each !== alarm)) };
  }

  /** Moves on, ringing what falls due, in its order. */
  advance(byMs: number): void {
    const until = this.current + byMs;
    for (;;) {
      const due = this.alarms.filter(({ at }) => at <= until).toSorted((left, right) => left.at - right.at)[0];
      if (!due) break;
      this.alarms = this.alarms.filter((each) => each !== due);
      this.current = due.at;
      due.ring();
    }
    this.current = until;
  }
}
