/*
 * Breadth first over all scenes that moves lead to, each explored once: the first scene in which a promise is broken is
 * reached by as few moves as any.
 */
import { hasEnded } from '../../engine';
import { brokenRule } from '../engine-rules';
import type { Edge } from './edge';
import { countHistories } from './histories';
import { go, movesFrom, opening, type Explored, type Move, type Went } from './moves';
import type { Scene } from './scene';
import { SceneKeys } from './scene-key';
import { whoCanEnd } from './ways-out';

/** What was found to be broken, and the moves that lead there. */
export interface Found {
  readonly broken: string;
  readonly moves: readonly Move[];
}

export interface SearchResult {
  /** How many different scenes were reached. */
  readonly states: number;
  /** How many histories lead through them, of at most `depth` moves that change something. */
  readonly histories: number;
  /** How many moves it takes at most to reach a scene. */
  readonly depth: number;
  /** False when there were more scenes than was allowed. */
  readonly complete: boolean;
  readonly found?: Found | undefined;
}

/** A reached scene, and how it was reached first. */
interface Node {
  readonly scene: Scene;
  readonly from: number;
  readonly move: Move | undefined;
  readonly depth: number;
}

export interface SearchOptions {
  readonly explored: Explored;
  readonly world: unknown;
  readonly startedAt: number;
  readonly maxStates: number;
  /** What is wrong with a scene, apart from the engine's rules. */
  readonly judge: (scene: Scene) => string | undefined;
}

export function search(options: SearchOptions): SearchResult {
  return new Search(options).run();
}

class Search {
  private readonly nodes: Node[] = [];
  private readonly edges: Edge[] = [];
  private readonly places = new Map<string, number>();
  private readonly keys: SceneKeys;
  private found: Found | undefined;
  private complete = true;

  constructor(private readonly options: SearchOptions) {
    this.keys = new SceneKeys(options.explored.definition);
  }

  run(): SearchResult {
    const { explored, world, startedAt } = this.options;
    this.arrive(opening(world, startedAt, explored), -1, undefined);
    for (let at = 0; at < this.nodes.length && this.found === undefined; at += 1) this.leave(at);
    if (this.found === undefined && this.complete) this.lookForDeadEnds();
    const depth = this.nodes.at(-1)?.depth ?? 0;
    const states = this.nodes.length;
    return {
      states,
      histories: countHistories(states, this.edges, depth),
      depth,
      complete: this.complete,
      found: this.found,
    };
  }

  private leave(at: number): void {
    const { explored } = this.options;
    const { scene } = this.nodes[at] as Node;
    for (const move of movesFrom(scene, explored)) {
      const went = go(scene, move, explored);
      if (went) this.arrive(went, at, move);
      if (this.found) return;
    }
  }

  private arrive(went: Went, from: number, move: Move | undefined): void {
    const broken = this.brokenBy(went, from);
    if (broken !== undefined) return this.report(broken, from, move);
    if (went.turn?.ignored) return;
    const to = this.placeOf(went, from, move);
    if (to !== undefined && from >= 0 && to !== from) this.edges.push({ from, to, kind: isKind(move) });
  }

  private brokenBy({ broke, event, turn }: Went, from: number): string | undefined {
    if (broke !== undefined) return broke;
    if (event === undefined || turn === undefined) return undefined;
    const before = this.nodes[from]?.scene.saga;
    return brokenRule({ definition: this.options.explored.definition, before, event, turn });
  }

  /** Undefined when there is no room for another scene, or nothing more to look for. */
  private placeOf({ scene }: Went, from: number, move: Move | undefined): number | undefined {
    const key = this.keys.of(scene);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const broken = this.options.judge(scene);
    if (broken !== undefined) return this.report(broken, from, move);
    if (this.nodes.length >= this.options.maxStates) {
      this.complete = false;
      return undefined;
    }
    this.places.set(key, this.nodes.length);
    this.nodes.push({ scene, from, move, depth: from < 0 ? 0 : (this.nodes[from] as Node).depth + 1 });
    return this.nodes.length - 1;
  }

  private lookForDeadEnds(): void {
    const ends = this.nodes.map(({ scene }) => hasEnded(scene.saga));
    const canEnd = whoCanEnd(ends, this.edges);
    const stuck = this.nodes.findIndex((_, place) => !canEnd[place]);
    const node = this.nodes[stuck];
    if (node)
      this.report(
        'it can never end from here, whatever is answered and however often it is resumed',
        node.from,
        node.move,
      );
  }

  private report(broken: string, from: number, last: Move | undefined): undefined {
    const moves = last ? [last] : [];
    for (let at = this.nodes[from]; at?.move; at = this.nodes[at.from]) moves.unshift(at.move);
    this.found = { broken, moves };
  }
}

function isKind(move: Move | undefined): boolean {
  switch (move?.kind) {
    case 'hand over':
      return move.luck.kind === 'success';
    case 'operate':
      return move.action === 'resume';
    case 'resolve':
    case 'skip':
      return false;
    default:
      return true;
  }
}
