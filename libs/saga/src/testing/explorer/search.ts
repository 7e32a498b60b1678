/*
 * Explores all scenes that moves lead to, each once, cheapest first. The cost is the number of events, so that the
 * shortest history to a finding is reported; or the number of disturbances, so that an incomplete search covers all
 * histories with few.
 */
import { hasEnded } from '../../engine';
import { brokenRule } from '../engine-rules';
import type { Coverage } from './coverage';
import { isDisturbance, isBenign } from './disturbances';
import { Frontier } from './frontier';
import { Graph, type Arrival as ArrivalBy } from './graph';
import { countHistories } from './histories';
import type { Judge } from './judge';
import { everyMove, forgotten, neededMoves, unnoticed, type MoveSequence } from './move-sequences';
import { go, opening, type Explored, type Move, type MoveResult } from './moves';
import type { Observations } from './observations';
import { PendingEffects } from './pending-effects';
import type { Scene } from './scene';
import { SceneKeys } from './scene-key';

/** The broken promise that was found, and the moves that lead to it. */
export interface Found {
  readonly broken: string;
  readonly moves: readonly Move[];
}

export interface SearchResult {
  /** The number of different scenes that were reached. */
  readonly states: number;
  /** The number of histories of at most `depth` effective moves through them. */
  readonly histories: number;
  /** The largest number of moves that is needed to reach a scene. */
  readonly depth: number;
  /** False when there were more scenes than allowed. */
  readonly complete: boolean;
  /** All histories with at most this many disturbances were explored; undefined when the cost was another. */
  readonly disturbances: number | undefined;
  readonly found?: Found | undefined;
  /** Scenes that were reached and not expanded, with the moves that lead to them. */
  readonly open: readonly { readonly scene: Scene; readonly moves: readonly Move[] }[];
}

export interface SearchOptions {
  readonly explored: Explored;
  readonly world: unknown;
  readonly startedAt: number;
  readonly maxStates: number;
  readonly order: 'events' | 'disturbances';
  /** Leave out what was observed to be equivalent; without observations nothing is left out. */
  readonly observations?: Observations | undefined;
  readonly coverage: Coverage;
  readonly progress: (states: number) => void;
  readonly judge: Judge;
  /** Receives each scene, for the tests of the exploration itself. */
  readonly visit?: ((scene: Scene) => void) | undefined;
}

/** Returns the result; undefined when something was read for the first time that had been ignored before. */
export function search(options: SearchOptions): SearchResult | undefined {
  return new Search(options).run();
}

/** More than the events of any history: one disturbance costs more than all of them. */
export const DISTURBANCE = 100_000;

type Arrival = ArrivalBy<Move>;

class Search {
  private readonly graph = new Graph<Scene, Move>();
  private readonly places = new Map<string, number>();
  /** Scenes that need not be expanded, because all that follows from them also follows from another. */
  private readonly covered = new Map<string, number>();
  private readonly frontier = new Frontier();
  private readonly keys: SceneKeys;
  private readonly pending: PendingEffects;
  private readonly readCount: number | undefined;
  private found: (Found & { readonly cost: number }) | undefined;
  private complete = true;
  private depth = 0;
  private cost = 0;
  private nextLook = 2_000;

  constructor(private readonly options: SearchOptions) {
    const { explored, observations, judge } = options;
    this.keys = new SceneKeys(explored.definition, observations);
    this.pending = new PendingEffects(
      explored.effects,
      (scene) => judge.brokenPromise(scene),
      (scene) => judge.phaseOf(scene),
    );
    this.readCount = observations?.readCount;
  }

  run(): SearchResult | undefined {
    const { explored, world, startedAt } = this.options;
    const opened = opening(world, startedAt, explored);
    const broken = this.ruleBrokenBy(opened, undefined);
    if (broken !== undefined) this.report(broken, { from: -1, moves: [], cost: 0 });
    else this.arrive(opened.scene, { from: -1, moves: [], cost: 0 });
    for (let next = this.frontier.take(); next && !this.isFound(next.cost); next = this.frontier.take()) {
      if (this.readCount !== this.options.observations?.readCount) return undefined;
      this.leave(next.place, next.cost);
    }
    if (this.readCount !== this.options.observations?.readCount) return undefined;
    if (this.found === undefined) this.lookForDeadEnds();
    return this.result();
  }

  /** Everything that is not expanded yet costs at least as much. */
  private isFound(cost: number): boolean {
    return this.found !== undefined && this.found.cost <= cost;
  }

  private result(): SearchResult {
    const { graph, depth } = this;
    const states = graph.size;
    const { found } = this;
    const complete = this.complete && found === undefined;
    const bounded = this.options.order === 'disturbances' && !complete && found === undefined;
    return {
      states,
      depth,
      complete,
      found,
      histories: countHistories(states, graph.edges, depth),
      disturbances: bounded ? Math.floor(this.cost / DISTURBANCE) - 1 : undefined,
      open: complete || found ? [] : graph.openPlaces().map((place) => this.openAt(place)),
    };
  }

  private openAt(place: number): { scene: Scene; moves: readonly Move[] } {
    return { scene: this.graph.sceneAt(place) as Scene, moves: this.graph.movesTo(place) };
  }

  private leave(place: number, cost: number): void {
    const scene = this.graph.sceneAt(place);
    if (scene === undefined || cost > this.graph.costOf(place)) return;
    const { explored, observations, progress } = this.options;
    // What is left at the limit stays open.
    if (!this.complete) return;
    this.cost = cost;
    const sequences = observations
      ? neededMoves(scene, explored, this.pending.outlook(scene).commute)
      : everyMove(scene, explored);
    for (const moves of sequences) this.follow(place, scene, moves);
    if (this.complete) this.graph.leave(place);
    progress(this.graph.size);
    if (this.found !== undefined || this.graph.size < this.nextLook) return;
    this.nextLook *= 2;
    this.lookForDeadEnds();
  }

  private follow(from: number, start: Scene, moves: MoveSequence): void {
    const { explored, coverage, judge, order } = this.options;
    let scene = start;
    let cost = this.graph.costOf(from);
    for (const [index, move] of moves.entries()) {
      coverage.cover(scene, move);
      const result = go(scene, move, explored);
      if (result === undefined) return;
      const hurts = order === 'disturbances' && isDisturbance(move, scene, explored);
      cost += hurts ? DISTURBANCE + 1 : 1;
      const arrival = { from, moves: moves.slice(0, index + 1), cost };
      const broken = this.ruleBrokenBy(result, scene);
      if (broken !== undefined) return this.report(broken, arrival);
      if (result.applied?.ignored) return;
      scene = result.scene;
      if (index === moves.length - 1) return this.arrive(scene, arrival);
      const wrong = judge.broken(scene);
      if (wrong !== undefined) return this.report(wrong, arrival);
    }
  }

  private ruleBrokenBy({ invariantError, event, applied }: MoveResult, before: Scene | undefined): string | undefined {
    if (invariantError !== undefined) return invariantError;
    if (event === undefined || applied === undefined) return undefined;
    return brokenRule({ definition: this.options.explored.definition, before: before?.saga, event, applied });
  }

  private arrive(scene: Scene, arrival: Arrival): void {
    const key = this.keys.of(scene);
    const known = this.places.get(key);
    if (known !== undefined) {
      this.join(arrival, known);
      if (this.graph.improve(known, scene, arrival)) this.frontier.add(known, arrival.cost);
      return;
    }
    const covering = this.covered.get(key);
    if (covering !== undefined && this.graph.costOf(covering) <= arrival.cost) return this.join(arrival, covering);
    const broken = this.options.judge.broken(scene);
    if (broken !== undefined) return this.report(broken, arrival);
    if (this.graph.size >= this.options.maxStates) {
      this.complete = false;
      return;
    }
    const place = this.graph.add(scene, arrival, hasEnded(scene.saga));
    this.places.set(key, place);
    this.depth = Math.max(this.depth, arrival.cost % DISTURBANCE);
    this.join(arrival, place);
    this.frontier.add(place, arrival.cost);
    this.options.visit?.(scene);
    if (this.options.observations === undefined) return;
    this.judgeUnnoticed(scene, arrival);
    this.cover(scene, place);
  }

  /**
   * The reply to a command of a step with a skipped compensation makes no difference. So a scene that differs only by
   * such commands, handled or never to be handled, has the same futures as this one. This one must not be more
   * expensive to reach, so that shortest histories and histories with few disturbances stay complete.
   */
  private cover(scene: Scene, place: number): void {
    for (const handled of forgotten(scene, this.options.explored)) {
      const key = this.keys.of(handled);
      if (!this.places.has(key)) this.covered.set(key, place);
    }
  }

  private join({ from, moves }: Arrival, to: number): void {
    if (from >= 0 && from !== to) this.graph.edges.add(from, to, moves.length, moves.every(isBenign));
  }

  private judgeUnnoticed(scene: Scene, { from, moves, cost }: Arrival): void {
    const { explored, judge, visit } = this.options;
    if (visit === undefined && this.pending.outlook(scene).sound && !judge.mayBreakEffects(scene)) return;
    for (const { scene: each, moves: more } of unnoticed(scene, explored)) {
      const broken = judge.broken(each);
      if (broken !== undefined) this.report(broken, { from, moves: [...moves, ...more], cost: cost + more.length });
      visit?.(each);
    }
  }

  private lookForDeadEnds(): void {
    const place = this.graph.deadEnd();
    if (place === undefined) return;
    const broken = 'it can never end from here, for any replies and any number of resumes';
    this.found = { broken, moves: this.graph.movesTo(place), cost: -1 };
  }

  private report(broken: string, { from, moves, cost }: Arrival): void {
    if (this.found !== undefined && this.found.cost <= cost) return;
    this.found = { broken, moves: [...this.graph.movesTo(from), ...moves], cost };
  }
}
