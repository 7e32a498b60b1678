/* Random walks through what a search did not reach. The same seed makes the same walks. */
import { hasEnded } from '../../engine';
import { brokenRule } from '../engine-rules';
import type { Coverage } from './coverage';
import { isBenign } from './disturbances';
import { go, movesFrom, type Explored, type Move } from './moves';
import type { Scene } from './scene';
import type { Found } from './search';

export interface WalkOptions {
  readonly explored: Explored;
  readonly judge: (scene: Scene) => string | undefined;
  readonly walks: number;
  readonly seed: number;
  /** The scenes where walks begin. */
  readonly from: readonly { readonly scene: Scene; readonly moves: readonly Move[] }[];
  readonly coverage: Coverage;
  readonly progress: (walks: number) => void;
}

export interface Sampled {
  /** How many walks were made. */
  readonly walks: number;
  readonly found?: Found | undefined;
}

/** The largest number of moves in a walk, most of which are benign. */
const LONGEST = 300;
/** How often a walk chooses a benign move, and how often a move that was not tried yet. */
const FORWARD = 0.6;
const NEW = 0.5;

export function walkAtRandom(options: WalkOptions): Sampled {
  const random = randomFrom(options.seed);
  const { from } = options;
  for (let walk = 1; walk <= options.walks && from.length > 0; walk += 1) {
    const begin = from[Math.floor(random() * from.length)] as (typeof from)[number];
    const found = walkFrom(begin, random, options);
    if (found) return { walks: walk, found };
    options.progress(walk);
  }
  return { walks: from.length > 0 ? options.walks : 0 };
}

function walkFrom(
  { scene: begin, moves }: WalkOptions['from'][number],
  random: () => number,
  { explored, judge, coverage }: WalkOptions,
): Found | undefined {
  let scene = begin;
  const made: Move[] = [...moves];
  for (let ends = 0; ends < 3 && made.length < LONGEST;) {
    const possible = movesFrom(scene, explored);
    coverage.know(scene, possible);
    const move = choose(scene, possible, random, coverage);
    coverage.cover(scene, move);
    const result = go(scene, move, explored);
    if (result === undefined) continue;
    const { invariantError, event, applied } = result;
    const broken =
      invariantError ??
      (event && applied && brokenRule({ definition: explored.definition, before: scene.saga, event, applied })) ??
      judge(result.scene);
    made.push(move);
    if (broken !== undefined) return { broken, moves: made };
    scene = result.scene;
    if (hasEnded(scene.saga)) ends += 1;
  }
  return undefined;
}

function choose(scene: Scene, moves: readonly Move[], random: () => number, coverage: Coverage): Move {
  const pick = (from: readonly Move[]): Move => from[Math.floor(random() * from.length)] as Move;
  if (random() < NEW) {
    const fresh = moves.filter((move) => coverage.isNew(scene, move));
    if (fresh.length > 0) return pick(fresh);
  }
  const forward = moves.filter((move) => move.kind !== 'start' && move.kind !== 'wait' && isBenign(move));
  return random() < FORWARD && forward.length > 0 ? pick(forward) : pick(moves);
}

/** Random numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
