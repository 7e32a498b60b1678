/** Counts what a run encounters, and logs it for a listener. */
export class Journal {
  /** How often each pair occurred: a fault and its place, or a state and an event. */
  readonly occurred = new Map<string, number>();
  readonly lines: string[] = [];

  constructor(private readonly listens: boolean) {}

  count(pair: string): void {
    this.occurred.set(pair, (this.occurred.get(pair) ?? 0) + 1);
  }

  /** `line` is called only for a listener, because making it takes longer than the step that it describes. */
  log(line: () => string): void {
    if (this.listens) this.lines.push(line());
  }
}
