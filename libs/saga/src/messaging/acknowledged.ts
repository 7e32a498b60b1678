/** Ids of outbox rows that the broker has, to be deleted along with the next statement. */
export class Acknowledged {
  private ids: string[] = [];

  get isEmpty(): boolean {
    return this.ids.length === 0;
  }

  add(ids: readonly string[]): void {
    this.ids.push(...ids);
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
