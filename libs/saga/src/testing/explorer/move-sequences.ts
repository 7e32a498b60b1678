/*
 * The moves from a scene, with those left out that lead to nothing new in another order (a partial-order reduction).
 *
 * What a participant does with a command concerns nobody until its answer is heard, or until another command is handled
 * that it makes a difference to. So it is explored only right before one of these:
 *
 * 1. The command's answer arrives, or an operator says what became of it.
 * 2. A command is handled that undoes it.
 * 3. A command is handled whose effect does not commute with it in the present world: both orders are tried, and the worlds
 *    and answers compared.
 *
 * Every history has an equal one of this form: move each handling to the right, past what it commutes with, until it stands
 * before what depends on it, or at the end. The histories that end with handlings nobody has noticed are not followed any
 * further, but each of their scenes is judged (`unnoticed`).
 */
import { movesFrom, type Explored, type Move } from './moves';
import { handOver, luckOf, type Luck } from './participants';
import type { Post, Scene } from './scene';

export type HandOver = Extract<Move, { kind: 'hand over' }>;

/** Moves that are made in a row. */
export type MoveSequence = readonly Move[];

/** One sequence for each move: nothing is left out. */
export function everyMove(scene: Scene, explored: Explored): readonly MoveSequence[] {
  return movesFrom(scene, explored).map((move) => [move]);
}

/** The sequences of moves that have to be explored from this scene; `commute` if no two effects to come make a difference to each other. */
export function neededMoves(scene: Scene, explored: Explored, commute: boolean): readonly MoveSequence[] {
  const sequences: MoveSequence[] = [];
  const earlierThan = commute ? undoneFirst : makingADifference;
  for (const move of movesFrom(scene, explored)) {
    if (move.kind !== 'hand over') sequences.push([move]);
    else if (scene.posts[move.place]?.row === undefined)
      for (const earlier of earlierThan(scene, move, explored))
        sequences.push(...noticed(scene, [...earlier, move], move));
  }
  return sequences;
}

/** The ways in which somebody hears of what was done. */
function noticed({ posts, saga }: Scene, handled: MoveSequence, { place }: HandOver): readonly MoveSequence[] {
  const { step, commandId } = (posts[place] as Post).command;
  const answered: MoveSequence = [...handled, { kind: 'answer', place }];
  return saga.steps[step]?.exchange?.commandId === commandId
    ? [answered, [...handled, { kind: 'resolve', place }]]
    : [answered];
}

/** A scene that differs only in what participants have done without anybody having noticed, and how it comes about. */
export interface Unnoticed {
  readonly scene: Scene;
  readonly moves: readonly HandOver[];
}

/** All scenes to which handling alone leads, as far as it has an effect. */
export function unnoticed(scene: Scene, explored: Explored): readonly Unnoticed[] {
  const found: Unnoticed[] = [];
  const known = new Set<string>();
  const visit = (at: Scene, moves: readonly HandOver[]): void => {
    for (const place of pendingIn(at)) {
      const move: HandOver = { kind: 'hand over', place, luck: SUCCESS };
      const next = handOver(at, place, SUCCESS, explored)?.scene;
      if (next === undefined || isKnown(known, scene, next)) continue;
      found.push({ scene: next, moves: [...moves, move] });
      visit(next, [...moves, move]);
    }
  };
  visit(scene, []);
  return found;
}

/** The scenes in which at most two commands have been handled, or never will be, whose steps an operator has left as they are. */
export function forgotten(scene: Scene, explored: Explored, depth = 2): readonly Scene[] {
  if (depth === 0) return [];
  const found: Scene[] = [];
  for (const place of pendingIn(scene)) {
    const { step } = (scene.posts[place] as Post).command;
    if (scene.saga.steps[step]?.status !== 'COMPENSATION_SKIPPED') continue;
    for (const luck of [SUCCESS, NEVER]) {
      const next = handOver(scene, place, luck, explored)?.scene;
      if (next) found.push(next, ...forgotten(next, explored, depth - 1));
    }
  }
  return found;
}

/** A command that fails has no effect, nor has it any when it never arrives. */
const NEVER: Luck = { kind: 'failure' };
const SUCCESS: Luck = { kind: 'success', reply: undefined };

/** What may be handled before this move where only the command that it undoes makes a difference to it. */
function undoneFirst(scene: Scene, last: HandOver, { behaviourOf }: Explored): readonly (readonly HandOver[])[] {
  const place = pendingIn(scene).find((each) => isUndoneBy(scene, each, last.place));
  if (place === undefined) return [[]];
  const { command } = scene.posts[place] as Post;
  return [
    [],
    ...luckOf(command, behaviourOf(command.command)).map((luck) => [{ kind: 'hand over', place, luck } as const]),
  ];
}

interface Reached {
  readonly scene: Scene;
  readonly moves: readonly HandOver[];
  needed: boolean;
}

/** What may be handled before this move and makes a difference to it; nothing at all is always one of the answers. */
function makingADifference(scene: Scene, last: HandOver, explored: Explored): readonly (readonly HandOver[])[] {
  const others = pendingIn(scene).filter((place) => place !== last.place);
  if (!others.some((place) => mayMatter(scene, place, last))) return [[]];
  const reached = new Map<string, Reached>();
  const visit = (at: Scene, moves: readonly HandOver[]): void => {
    for (const place of pendingIn(at)) {
      if (!others.includes(place)) continue;
      for (const luck of lucksThatMatter(scene, place, last, explored)) {
        const move: HandOver = { kind: 'hand over', place, luck };
        const next = handOver(at, place, luck, explored)?.scene;
        if (next === undefined) continue;
        const key = participantsKey(scene, next);
        const commutes = areIndependent(at, move, last, explored);
        const before = reached.get(key);
        if (before) before.needed &&= !commutes;
        else {
          reached.set(key, { scene: next, moves: [...moves, move], needed: !commutes });
          visit(next, [...moves, move]);
        }
      }
    }
  };
  visit(scene, []);
  return [[], ...[...reached.values()].filter(({ needed }) => needed).map(({ moves }) => moves)];
}

/** Bad luck leaves the world as it is, and so makes a difference only to what undoes the command. */
function mayMatter(scene: Scene, place: number, { place: last, luck }: HandOver): boolean {
  return luck.kind === 'success' || isUndoneBy(scene, place, last) || isUndoneBy(scene, last, place);
}

function lucksThatMatter(scene: Scene, place: number, last: HandOver, explored: Explored): readonly Luck[] {
  const { command } = scene.posts[place] as Post;
  const lucks = luckOf(command, explored.behaviourOf(command.command));
  return isUndoneBy(scene, place, last.place) ? lucks : lucks.filter(({ kind }) => kind === 'success');
}

function isUndoneBy({ posts }: Scene, place: number, by: number): boolean {
  const undoes = posts[by]?.command.undoes;
  return undoes !== undefined && undoes === posts[place]?.command.commandId;
}

/** Whether both orders of two handlings lead to the same. */
function areIndependent(scene: Scene, a: HandOver, b: HandOver, explored: Explored): boolean {
  const after = (...moves: readonly HandOver[]): Scene =>
    moves.reduce((at, { place, luck }) => handOver(at, place, luck, explored)?.scene ?? at, scene);
  return participantsKey(scene, after(a, b)) === participantsKey(scene, after(b, a));
}

function pendingIn({ posts }: Scene): readonly number[] {
  return posts.flatMap(({ row }, place) => (row === undefined ? [place] : []));
}

function isKnown(known: Set<string>, from: Scene, scene: Scene): boolean {
  const key = participantsKey(from, scene);
  if (known.has(key)) return true;
  known.add(key);
  return false;
}

const worlds = new WeakMap<object, number>();
let worldsSeen = 0;

/** What the participants have done since `from`, and the world they have made; equal worlds are the same object. */
function participantsKey(from: Scene, { posts, world }: Scene): string {
  let key = typeof world === 'object' && world !== null ? `#${numberOf(world)}` : JSON.stringify(world);
  for (const [place, { row, effects }] of posts.entries()) {
    if (row === undefined || row === from.posts[place]?.row) continue;
    const { outcome, answer } = row;
    const said = answer?.kind === 'replied' ? JSON.stringify(answer.reply) : answer?.objection.reason;
    key += `;${place} ${outcome} ${effects} ${said}`;
  }
  return key;
}

function numberOf(world: object): number {
  const known = worlds.get(world);
  if (known !== undefined) return known;
  worldsSeen += 1;
  worlds.set(world, worldsSeen);
  return worldsSeen;
}
