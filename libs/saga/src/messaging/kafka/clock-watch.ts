/** Notices when the time of day is set back. */
export class ClockWatch {
  private before: number;

  constructor(
    private readonly timeOfDayMs = (): number => Date.now(),
    /** A monotonic clock. */
    private readonly elapsedMs = (): number => performance.now(),
  ) {
    this.before = this.ahead();
  }

  /** By how much the clock was set back since the last call; 0 when it was not. */
  setBackMs(): number {
    const now = this.ahead();
    const setBack = Math.max(0, this.before - now);
    this.before = now;
    return setBack;
  }

  private ahead(): number {
    return this.timeOfDayMs() - this.elapsedMs();
  }
}
