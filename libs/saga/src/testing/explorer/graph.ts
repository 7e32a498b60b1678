/* The reached scenes, in typed arrays: a scene is dropped once it is expanded, so that millions fit into memory. */
import { Edges } from './edges';
import { whoCanEnd } from './ways-out';

/** How a scene is reached: from which place (-1: none), and by which moves. */
export interface Arrival<Move> {
  readonly from: number;
  readonly moves: readonly Move[];
  readonly cost: number;
}

export class Graph<Scene, Move> {
  readonly edges = new Edges();
  private readonly scenes: (Scene | undefined)[] = [];
  private readonly arrivals: Arrival<Move>[] = [];
  private readonly ended: boolean[] = [];
  private readonly closed: boolean[] = [];

  get size(): number {
    return this.arrivals.length;
  }

  /** `ended`: the scene may be the last one. */
  add(scene: Scene, arrival: Arrival<Move>, ended: boolean): number {
    this.scenes.push(scene);
    this.arrivals.push(arrival);
    this.ended.push(ended);
    this.closed.push(false);
    return this.size - 1;
  }

  /**
   * Stores a cheaper way to a place that is not expanded yet, with its scene, which may differ in irrelevant details.
   */
  improve(place: number, scene: Scene, arrival: Arrival<Move>): boolean {
    if (this.scenes[place] === undefined || arrival.cost >= this.costOf(place)) return false;
    this.scenes[place] = scene;
    this.arrivals[place] = arrival;
    return true;
  }

  costOf(place: number): number {
    return this.arrivals[place]?.cost ?? 0;
  }

  /** Undefined once the place was expanded. */
  sceneAt(place: number): Scene | undefined {
    return this.scenes[place];
  }

  /** Marks the place as expanded: all edges from it are known. */
  leave(place: number): void {
    this.scenes[place] = undefined;
    this.closed[place] = true;
  }

  movesTo(place: number): readonly Move[] {
    const sequences: (readonly Move[])[] = [];
    for (let at = this.arrivals[place]; at; at = this.arrivals[at.from]) sequences.push(at.moves);
    return sequences.toReversed().flat();
  }

  /** The places that are not expanded yet. */
  openPlaces(): readonly number[] {
    return this.scenes.flatMap((scene, place) => (scene ? [place] : []));
  }

  /** Returns the cheapest place from which no benign edges lead to an end or to a place that is not expanded yet. */
  deadEnd(): number | undefined {
    const canEnd = whoCanEnd(
      this.closed.map((closed, place) => !closed || (this.ended[place] as boolean)),
      this.edges,
    );
    let cheapest: number | undefined;
    for (const [place, can] of canEnd.entries())
      if (!can && (cheapest === undefined || this.costOf(place) < this.costOf(cheapest))) cheapest = place;
    return cheapest;
  }
}
