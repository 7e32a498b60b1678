/** Counts what a run encounters, and logs it for a listener. */
export class Journal {
  /** How often each pair was met: of a fault and where it struck, of a state and an event. */
  readonly met = new Map<string, number>();
  readonly lines: string[] = [];

  constructor(private readonly listens: boolean) {}

  meet(pair: string): void {
    this.met.set(pair, (this.met.get(pair) ?? 0) + 1);
  }

  /** `line` is asked for only where somebody listens: making it takes longer than what it tells of. */
  say(line: () => string): void {
    if (this.listens) this.lines.push(line());
  }
}
