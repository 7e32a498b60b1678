/*
 * Shares out the connections that handlers may hold, so that one of the pool is always left for other work, which
 * queues for it: see LEAST_CONNECTIONS.
 */
interface Waiting {
  readonly least: number;
  readonly most: number;
  readonly resolve: (taken: number) => void;
}

export class Connections {
  private readonly waiting: Waiting[] = [];

  constructor(private free: number) {}

  /** Takes as many as are free, up to `most`, and waits until there are `least`. First come, first served. */
  async take(least: number, most: number): Promise<number> {
    return new Promise((resolve) => {
      this.waiting.push({ least, most, resolve });
      this.serve();
    });
  }

  giveBack(count: number): void {
    this.free += count;
    this.serve();
  }

  private serve(): void {
    for (let [next] = this.waiting; next !== undefined && next.least <= this.free; [next] = this.waiting) {
      const taken = Math.min(next.most, this.free);
      this.free -= taken;
      this.waiting.shift();
      next.resolve(taken);
    }
  }
}
