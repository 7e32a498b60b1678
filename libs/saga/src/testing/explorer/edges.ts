/** The edges of an explored graph, in typed arrays because there are millions. */
export class Edges {
  private readonly sources: number[] = [];
  private readonly targets: number[] = [];
  private readonly lengths: number[] = [];
  private readonly benignFlags: boolean[] = [];

  get count(): number {
    return this.sources.length;
  }

  /** `benign`: all moves of this edge belong to undisturbed operation. */
  add(from: number, to: number, length: number, benign: boolean): void {
    this.sources.push(from);
    this.targets.push(to);
    this.lengths.push(length);
    this.benignFlags.push(benign);
  }

  forEach(visit: (from: number, to: number, length: number, benign: boolean) => void): void {
    for (let at = 0; at < this.sources.length; at += 1)
      visit(
        this.sources[at] as number,
        this.targets[at] as number,
        this.lengths[at] as number,
        this.benignFlags[at] as boolean,
      );
  }
}
