/* The scenes that were reached, as columns: a scene is let go once it was left, so that millions of them fit. */
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

  /** `ended`: nothing has to happen any more. */
  add(scene: Scene, arrival: Arrival<Move>, ended: boolean): number {
    this.scenes.push(scene);
    this.arrivals.push(arrival);
    this.ended.push(ended);
    this.closed.push(false);
    return this.size - 1;
  }

  /** Takes a cheaper way to a place that was not left yet, and its scene, which may differ in what makes no difference. */
  improve(place: number, scene: Scene, arrival: Arrival<Move>): boolean {
    if (this.scenes[place] === undefined || arrival.cost >= this.costOf(place)) return false;
    this.scenes[place] = scene;
    this.arrivals[place] = arrival;
    return true;
  }

  costOf(place: number): number {
    return this.arrivals[place]?.cost ?? 0;
  }

  /** Undefined once the place was left. */
  sceneAt(place: number): Scene | undefined {
    return this.scenes[place];
  }

  /** This place was left by all edges that lead from there. */
  leave(place: number): void {
    this.scenes[place] = undefined;
    this.closed[place] = true;
  }

  movesTo(place: number): readonly Move[] {
    const sequences: (readonly Move[])[] = [];
    for (let at = this.arrivals[place]; at; at = this.arrivals[at.from]) sequences.push(at.moves);
    return sequences.toReversed().flat();
  }

  /** The places that were not left yet. */
  openPlaces(): readonly number[] {
    return this.scenes.flatMap((scene, place) => (scene ? [place] : []));
  }

  /** The cheapest place from which no kind edges lead to an end, nor to anywhere that is not explored yet. */
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
