/*
 * Explores all joint scenes, those with the fewest disturbances first and of these the shortest first, up to a number
 * of disturbances or scenes.
 */
import type { Coverage } from '../coverage';
import { Frontier } from '../frontier';
import { Graph, type Arrival } from '../graph';
import { countHistories } from '../histories';
import { DISTURBANCE } from '../search';
import type { JointJudge } from './joint-judge';
import { isJointlyBenign, jointMovesFrom, makeJointMove, type JointMove, type Together } from './joint-moves';
import { isAtRest, JointKeys, sceneOf, type JointScene } from './joint-scene';

/** The broken promise that was found, and the moves that lead to it. */
export interface JointFound {
  readonly broken: string;
  readonly moves: readonly JointMove[];
}

export interface JointSearchOptions {
  readonly together: Together;
  readonly opening: JointScene;
  readonly judge: JointJudge;
  readonly maxDisturbances: number;
  readonly maxStates: number;
  /** One per saga. */
  readonly coverage: readonly Coverage[];
  readonly progress: (states: number) => void;
}

export interface JointSearchResult {
  readonly states: number;
  readonly histories: number;
  readonly depth: number;
  /** False when there were more scenes than allowed. */
  readonly complete: boolean;
  /**
   * All histories with at most this many disturbances were explored; undefined when all were, or a broken promise was
   * found.
   */
  readonly disturbances: number | undefined;
  readonly found?: JointFound | undefined;
}

export function searchJointly(options: JointSearchOptions): JointSearchResult {
  return new JointSearch(options).run();
}

class JointSearch {
  private readonly graph = new Graph<JointScene, JointMove>();
  private readonly frontier = new Frontier();
  private readonly places = new Map<string, number>();
  private readonly keys: JointKeys;
  private found: JointFound | undefined;
  private beyond = false;
  private full = false;
  private depth = 0;
  private cost = 0;

  constructor(private readonly options: JointSearchOptions) {
    this.keys = new JointKeys(options.together.requests.map(({ explored }) => explored.definition));
  }

  run(): JointSearchResult {
    const { opening, judge } = this.options;
    const broken = judge.brokenPromise(opening);
    if (broken === undefined) this.arrive(opening, { from: -1, moves: [], cost: 0 }, false);
    else this.found = { broken, moves: [] };
    for (let next = this.frontier.take(); next && !this.found && !this.full; next = this.frontier.take())
      this.leave(next.place, next.cost);
    if (this.found === undefined) this.lookForDeadEnds();
    return this.result();
  }

  private result(): JointSearchResult {
    const { graph, depth, found } = this;
    const complete = found === undefined && !this.beyond && !this.full;
    const seen = this.full ? Math.floor(this.cost / DISTURBANCE) - 1 : this.options.maxDisturbances;
    return {
      states: graph.size,
      depth,
      complete,
      found,
      histories: countHistories(graph.size, graph.edges, depth),
      disturbances: complete || found ? undefined : seen,
    };
  }

  private leave(place: number, cost: number): void {
    const scene = this.graph.sceneAt(place);
    if (scene === undefined || cost > this.graph.costOf(place)) return;
    this.cost = cost;
    for (const move of jointMovesFrom(scene, this.options.together)) this.follow(place, scene, move);
    if (!this.full) this.graph.leave(place);
    this.options.progress(this.graph.size);
  }

  private follow(from: number, start: JointScene, move: JointMove): void {
    const { together, judge, coverage, maxDisturbances } = this.options;
    const cost = this.graph.costOf(from) + (disturbs(move) ? DISTURBANCE + 1 : 1);
    if (cost >= (maxDisturbances + 1) * DISTURBANCE) {
      this.beyond = true;
      know(start, move, coverage);
      return;
    }
    const steps = makeJointMove(start, move, together);
    for (const step of steps) {
      if (step.moved) coverage[step.saga]?.cover(step.moved.from, step.moved.move);
      const broken = judge.broken(step);
      if (broken === undefined) continue;
      this.found ??= { broken, moves: [...this.graph.movesTo(from), move] };
      return;
    }
    const last = steps.at(-1);
    if (last) this.arrive(last.scene, { from, moves: [move], cost }, isJointlyBenign(move));
  }

  private arrive(scene: JointScene, arrival: Arrival<JointMove>, benign: boolean): void {
    const key = this.keys.of(scene);
    const known = this.places.get(key);
    if (known !== undefined) {
      this.join(arrival.from, known, benign);
      if (this.graph.improve(known, scene, arrival)) this.frontier.add(known, arrival.cost);
      return;
    }
    if (this.graph.size >= this.options.maxStates) {
      this.full = true;
      return;
    }
    const place = this.graph.add(scene, arrival, isAtRest(scene));
    this.places.set(key, place);
    this.depth = Math.max(this.depth, arrival.cost % DISTURBANCE);
    this.join(arrival.from, place, benign);
    this.frontier.add(place, arrival.cost);
  }

  private join(from: number, to: number, benign: boolean): void {
    if (from >= 0 && from !== to) this.graph.edges.add(from, to, 1, benign);
  }

  private lookForDeadEnds(): void {
    const place = this.graph.deadEnd();
    if (place === undefined) return;
    const broken = 'not all of them can end from here, for any replies and any number of resumes';
    this.found = { broken, moves: this.graph.movesTo(place) };
  }
}

export function disturbs(move: JointMove): boolean {
  return move.kind === 'advance' && move.disturbs;
}

/** Adds this move to the known pairs, whether or not it is made. */
export function know(scene: JointScene, move: JointMove, coverage: readonly Coverage[]): void {
  if (move.kind !== 'advance') return;
  const own = sceneOf(scene, move.saga);
  if (own) coverage[move.saga]?.know(own, move.moves.slice(0, 1));
}
