/**
 * A fact that takes long to find out. It is found out again when somebody asks and it is older than `freshMs`; until then,
 * and while it is found out, the former one is told, unless that is older than `staleMs`.
 */
export class Refreshed<T> {
  private known: { readonly at: number; readonly fact: T } | undefined;
  private finding: Promise<T> | undefined;

  constructor(
    private readonly find: () => Promise<T>,
    private readonly freshMs: number,
    private readonly staleMs: number,
    /** A monotonic clock. */
    private readonly elapsedMs = (): number => performance.now(),
  ) {}

  async get(): Promise<T> {
    const { known } = this;
    const ageMs = known === undefined ? Infinity : this.elapsedMs() - known.at;
    if (known !== undefined && ageMs < this.freshMs) return known.fact;
    this.finding ??= this.findOut();
    if (known === undefined || ageMs >= this.staleMs) return this.finding;
    // A caller that waits for it gets the error.
    this.finding.catch(() => undefined);
    return known.fact;
  }

  private async findOut(): Promise<T> {
    try {
      const fact = await this.find();
      this.known = { at: this.elapsedMs(), fact };
      return fact;
    } finally {
      this.finding = undefined;
    }
  }
}
