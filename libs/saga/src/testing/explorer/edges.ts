/** The edges of an explored graph, as columns of numbers: there are millions of them. */
export class Edges {
  private readonly sources: number[] = [];
  private readonly targets: number[] = [];
  private readonly lengths: number[] = [];
  private readonly kinds: boolean[] = [];

  get count(): number {
    return this.sources.length;
  }

  /** `kind`: nothing of this edge is anybody's ill will, but success, an answer, time, or an operator who resumes. */
  add(from: number, to: number, length: number, kind: boolean): void {
    this.sources.push(from);
    this.targets.push(to);
    this.lengths.push(length);
    this.kinds.push(kind);
  }

  forEach(visit: (from: number, to: number, length: number, kind: boolean) => void): void {
    for (let at = 0; at < this.sources.length; at += 1)
      visit(
        this.sources[at] as number,
        this.targets[at] as number,
        this.lengths[at] as number,
        this.kinds[at] as boolean,
      );
  }
}
