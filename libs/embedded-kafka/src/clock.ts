/** A timer that can be called off. */
export interface Alarm {
  cancel(): void;
}

/** Time as the broker sees it; tests bring their own. */
export interface Clock {
  now(): number;
  after(delayMs: number, ring: () => void): Alarm;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, ring) {
    const timer = setTimeout(ring, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
