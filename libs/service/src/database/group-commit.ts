const MOST = 100;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Commits what comes at the same time together: items that arrive while a group is being written are the next group. A
 * commit waits for the disk, so that one for many orders costs little more than one for a single order, and an order that
 * comes alone waits for nobody. When a group fails, its members are written singly, so that none fails for another.
 */
export class GroupCommit<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private running = false;

  /** `write` resolves with one result for each item, in their order. */
  constructor(private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      // What else is in this turn of the event loop belongs to the same group.
      await new Promise(setImmediate);
      await this.commit(this.waiting.splice(0, MOST));
    }
    this.running = false;
  }

  private async commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.write(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else await Promise.all(group.map((each) => this.commit([each])));
    }
  }
}
