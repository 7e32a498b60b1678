/** So many types are told apart: they come off the wire, and whoever publishes may make up ever more of them. */
const MOST = 1_000;

/** Counts the events for which a subscriber has no handler, by their type. */
export class UnknownTypes {
  private readonly counts = new Map<string, number>();
  private others = 0;

  constructor(private readonly most = MOST) {}

  /** True for the first event of a type that is told apart. */
  add(type: string): boolean {
    const before = this.counts.get(type);
    if (before === undefined && this.counts.size >= this.most) {
      this.others += 1;
      return false;
    }
    this.counts.set(type, (before ?? 0) + 1);
    return before === undefined;
  }

  /** How many events came of each type, and of all that are not told apart. */
  get seen(): { readonly types: ReadonlyMap<string, number>; readonly others: number } {
    return { types: this.counts, others: this.others };
  }
}
