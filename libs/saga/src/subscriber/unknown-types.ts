/** How many types are counted separately: types are taken from messages, and publishers may use any number of them. */
const MOST = 1_000;

/** Events of one type for which a subscriber has no handler. */
export interface UnhandledType {
  readonly type: string;
  readonly events: number;
}

/** Events for which a subscriber has no handler, such as those of other publishers on the same topic. */
export interface PassedBy {
  /** The most frequent types, in order. */
  readonly types: readonly UnhandledType[];
  /** How many events had another type. */
  readonly others: number;
}

/** Counts the events for which a subscriber has no handler, by their type. */
export class UnknownTypes {
  private readonly counts = new Map<string, number>();
  private others = 0;

  constructor(private readonly most = MOST) {}

  /** True for the first event of a type that is counted separately. */
  add(type: string): boolean {
    const before = this.counts.get(type);
    if (before === undefined && this.counts.size >= this.most) {
      this.others += 1;
      return false;
    }
    this.counts.set(type, (before ?? 0) + 1);
    return before === undefined;
  }

  /** The counts so far, with up to `most` types by name. */
  passedBy(types: number): PassedBy {
    const sorted = [...this.counts].map(([type, events]) => ({ type, events })).toSorted((a, b) => b.events - a.events);
    const unnamed = sorted.slice(types).reduce((sum, { events }) => sum + events, 0);
    return { types: sorted.slice(0, types), others: this.others + unnamed };
  }
}
