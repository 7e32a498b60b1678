/** A timer that can be cancelled. */
export interface Alarm {
  cancel(): void;
}

/** The broker's clock; tests provide their own. */
export interface Clock {
  now(): number;
  after(delayMs: number, fire: () => void): Alarm;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
