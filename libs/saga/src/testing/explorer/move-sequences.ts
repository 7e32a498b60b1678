/*
 * Finds the moves from a scene, without those that lead to nothing new in another order (a partial-order reduction).
 *
 * How a participant handles a command makes no difference until its reply arrives, or until another command is handled
 * that depends on it. So it is explored only right before one of these:
 *
 * 1. The command's reply arrives, or an operator resolves the command.
 * 2. A command is handled that compensates it.
 * 3. A command is handled whose effect does not commute with it in the present world: both orders are tried, and the
 * worlds and replies compared.
 *
 * Every history has an equal one of this form: move each handling to the right, past what it commutes with, until it is
 * directly before what depends on it, or at the end. Histories that end with unnoticed handlings are not continued, but
 * each of their scenes is checked (`unnoticed`).
 */
import { movesFrom, type Explored, type Move } from './moves';
import { handle, possibleOutcomes, type HandlingOutcome } from './participants';
import type { Message, Scene } from './scene';

export type HandOver = Extract<Move, { kind: 'handle' }>;

/** Moves that are made without a break. */
export type MoveSequence = readonly Move[];

/** Returns a sequence for each move, without the reduction. */
export function everyMove(scene: Scene, explored: Explored): readonly MoveSequence[] {
  return movesFrom(scene, explored).map((move) => [move]);
}

/**
 * Returns the sequences of moves to explore from this scene; `commute` if no two pending effects depend on each other.
 */
export function neededMoves(scene: Scene, explored: Explored, commute: boolean): readonly MoveSequence[] {
  const sequences: MoveSequence[] = [];
  const earlierThan = commute ? undoneFirst : makingADifference;
  for (const move of movesFrom(scene, explored)) {
    if (move.kind !== 'handle') sequences.push([move]);
    else if (scene.messages[move.place]?.row === undefined)
      for (const earlier of earlierThan(scene, move, explored))
        sequences.push(...noticed(scene, [...earlier, move], move));
  }
  return sequences;
}

/** The moves by which the outcome of a handling becomes known. */
function noticed({ messages, saga }: Scene, handled: MoveSequence, { place }: HandOver): readonly MoveSequence[] {
  const { step, commandId } = (messages[place] as Message).command;
  const answered: MoveSequence = [...handled, { kind: 'answer', place }];
  return saga.steps[step]?.exchange?.commandId === commandId
    ? [answered, [...handled, { kind: 'resolve', place }]]
    : [answered];
}

/** A scene that differs only by unnoticed handlings, and the moves that lead to it. */
export interface Unnoticed {
  readonly scene: Scene;
  readonly moves: readonly HandOver[];
}

/** Returns all scenes that are reached by handling commands alone, if these have an effect. */
export function unnoticed(scene: Scene, explored: Explored): readonly Unnoticed[] {
  const found: Unnoticed[] = [];
  const known = new Set<string>();
  const visit = (at: Scene, moves: readonly HandOver[]): void => {
    for (const place of pendingIn(at)) {
      const move: HandOver = { kind: 'handle', place, outcome: SUCCESS };
      const next = handle(at, place, SUCCESS, explored)?.scene;
      if (next === undefined || isKnown(known, scene, next)) continue;
      found.push({ scene: next, moves: [...moves, move] });
      visit(next, [...moves, move]);
    }
  };
  visit(scene, []);
  return found;
}

/**
 * Returns the scenes in which at most two commands of steps with a skipped compensation have been handled, or never
 * will be.
 */
export function forgotten(scene: Scene, explored: Explored, depth = 2): readonly Scene[] {
  if (depth === 0) return [];
  const found: Scene[] = [];
  for (const place of pendingIn(scene)) {
    const { step } = (scene.messages[place] as Message).command;
    if (scene.saga.steps[step]?.status !== 'COMPENSATION_SKIPPED') continue;
    for (const outcome of [SUCCESS, NEVER]) {
      const next = handle(scene, place, outcome, explored)?.scene;
      if (next) found.push(next, ...forgotten(next, explored, depth - 1));
    }
  }
  return found;
}

/** A command that fails has no effect, like one that never arrives. */
const NEVER: HandlingOutcome = { kind: 'failure' };
const SUCCESS: HandlingOutcome = { kind: 'success', reply: undefined };

/** What may be handled before this move, if only the command that it compensates depends on it. */
function undoneFirst(scene: Scene, last: HandOver, { behaviourOf }: Explored): readonly (readonly HandOver[])[] {
  const place = pendingIn(scene).find((each) => isUndoneBy(scene, each, last.place));
  if (place === undefined) return [[]];
  const { command } = scene.messages[place] as Message;
  return [
    [],
    ...possibleOutcomes(command, behaviourOf(command.command)).map((outcome) => [
      { kind: 'handle', place, outcome } as const,
    ]),
  ];
}

interface Reached {
  readonly scene: Scene;
  readonly moves: readonly HandOver[];
  needed: boolean;
}

/** What may be handled before this move and affects it; one of the results is to handle nothing. */
function makingADifference(scene: Scene, last: HandOver, explored: Explored): readonly (readonly HandOver[])[] {
  const others = pendingIn(scene).filter((place) => place !== last.place);
  if (!others.some((place) => mayMatter(scene, place, last))) return [[]];
  const reached = new Map<string, Reached>();
  const visit = (at: Scene, moves: readonly HandOver[]): void => {
    for (const place of pendingIn(at)) {
      if (!others.includes(place)) continue;
      for (const outcome of lucksThatMatter(scene, place, last, explored)) {
        const move: HandOver = { kind: 'handle', place, outcome };
        const next = handle(at, place, outcome, explored)?.scene;
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

/** A refusal or failure does not change the world, so only the compensation of the command depends on it. */
function mayMatter(scene: Scene, place: number, { place: last, outcome }: HandOver): boolean {
  return outcome.kind === 'success' || isUndoneBy(scene, place, last) || isUndoneBy(scene, last, place);
}

function lucksThatMatter(scene: Scene, place: number, last: HandOver, explored: Explored): readonly HandlingOutcome[] {
  const { command } = scene.messages[place] as Message;
  const lucks = possibleOutcomes(command, explored.behaviourOf(command.command));
  return isUndoneBy(scene, place, last.place) ? lucks : lucks.filter(({ kind }) => kind === 'success');
}

function isUndoneBy({ messages }: Scene, place: number, by: number): boolean {
  const undoes = messages[by]?.command.undoes;
  return undoes !== undefined && undoes === messages[place]?.command.commandId;
}

/** True when both orders of two handlings lead to the same result. */
function areIndependent(scene: Scene, a: HandOver, b: HandOver, explored: Explored): boolean {
  const after = (...moves: readonly HandOver[]): Scene =>
    moves.reduce((at, { place, outcome }) => handle(at, place, outcome, explored)?.scene ?? at, scene);
  return participantsKey(scene, after(a, b)) === participantsKey(scene, after(b, a));
}

function pendingIn({ messages }: Scene): readonly number[] {
  return messages.flatMap(({ row }, place) => (row === undefined ? [place] : []));
}

function isKnown(known: Set<string>, from: Scene, scene: Scene): boolean {
  const key = participantsKey(from, scene);
  if (known.has(key)) return true;
  known.add(key);
  return false;
}

const worlds = new WeakMap<object, number>();
let worldsSeen = 0;

/** Describes the handlings since `from` and the world after them; equal worlds are the same object. */
function participantsKey(from: Scene, { messages, world }: Scene): string {
  let key = typeof world === 'object' && world !== null ? `#${numberOf(world)}` : JSON.stringify(world);
  for (const [place, { row, effects }] of messages.entries()) {
    if (row === undefined || row === from.messages[place]?.row) continue;
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
