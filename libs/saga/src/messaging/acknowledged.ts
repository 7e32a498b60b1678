/** What is acknowledged beyond this while the database is away is sent once more, and acknowledged again. */
const MOST = 10_000;

/** Ids of outbox rows that the broker has, to be deleted along with the next statement. */
export class Acknowledged {
  private ids: string[] = [];

  constructor(private readonly most = MOST) {}

  get isEmpty(): boolean {
    return this.ids.length === 0;
  }

  add(ids: readonly string[]): void {
    for (const id of ids) if (this.ids.length < this.most) this.ids.push(id);
  }

  /** Gives the ids to the statement that deletes them. When it fails they are kept, lest the sweeper send them again. */
  async deleteWith<T>(statement: (ids: readonly string[]) => Promise<T>): Promise<T> {
    const { ids } = this;
    this.ids = [];
    try {
      return await statement(ids);
    } catch (error) {
      this.add(ids);
      throw error;
    }
  }
}
