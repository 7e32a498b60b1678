import { isDatabaseAway } from '@palinode/saga/participant';

const MAX_GROUP_SIZE = 100;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Commits concurrent items together: items that arrive while a group is being written form the next group. A commit
 * waits for a WAL flush, so a commit of many orders costs little more than one, and a single order never waits for
 * others. When a group fails, its items are written one by one, so that only the bad item fails. When the database
 * was away they all fail: some may have been committed, and must not be written twice.
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
      // Items of the same turn of the event loop join the group.
      await new Promise(setImmediate);
      await this.commit(this.waiting.splice(0, MAX_GROUP_SIZE));
    }
    this.running = false;
  }

  private async commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.write(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (group.length === 1 || isDatabaseAway(error)) for (const { reject } of group) reject(error);
      else await Promise.all(group.map((each) => this.commit([each])));
    }
  }
}
