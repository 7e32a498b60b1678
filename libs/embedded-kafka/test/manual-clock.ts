import type { Alarm, Clock } from '../src/clock';

/** A clock that a test advances. */
export class ManualClock implements Clock {
  private alarms: { readonly at: number; readonly fire: () => void }[] = [];

  constructor(private current = 1_000_000) {}

  now(): number {
    return this.current;
  }

  after(delayMs: number, fire: () => void): Alarm {
    const alarm = { at: this.current + delayMs, fire };
    this.alarms.push(alarm);
    return { cancel: () => (this.alarms = this.alarms.filter((each) => each !== alarm)) };
  }

  /** Advances the time and fires the timers that are due, in order. */
  advance(byMs: number): void {
    const until = this.current + byMs;
    for (;;) {
      const due = this.alarms.filter(({ at }) => at <= until).toSorted((left, right) => left.at - right.at)[0];
      if (!due) break;
      this.alarms = this.alarms.filter((each) => each !== due);
      this.current = due.at;
      due.fire();
    }
    this.current = until;
  }
}
