/** Ids beyond this limit, while the database is away, are dropped: their messages are resent and acknowledged again. */
const MOST = 10_000;

/** Ids of outbox rows that were acknowledged, to be deleted together with the next statement. */
export class Acknowledged {
  private ids: string[] = [];

  constructor(private readonly most = MOST) {}

  get isEmpty(): boolean {
    return this.ids.length === 0;
  }

  add(ids: readonly string[]): void {
    for (const id of ids) if (this.ids.length < this.most) this.ids.push(id);
  }

  /**
   * Passes the ids to the statement that deletes them. If it fails they are kept; otherwise the sweeper would resend
   * them.
   */
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
