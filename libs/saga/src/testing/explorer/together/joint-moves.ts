/*
 * What may happen next to several sagas on one world, and what it leads to.
 *
 * Sagas meet in the world only: a command that takes effect, and a request or a response of a person, may make a difference
 * to other sagas; an answer that arrives, time that passes and an operator do not. So an answer arrives together with the
 * effect that it is about (one move) unless it is delayed, which is a disturbance: whatever else other sagas do in between
 * they could do before or after.
 */
import type { CommandContract } from '../../../contract';
import type { SagaState } from '../../../engine';
import { isKind, isOwedAReply } from '../disturbances';
import { go, movesFrom, opening, type Explored, type Move, type Went } from '../moves';
import { luckOf, type Luck } from '../participants';
import type { Post, Scene } from '../scene';
import { sceneOf, type JointScene } from './joint-scene';

/** Something that a person wants, and the saga that it begins. */
export interface Request {
  readonly words: string;
  readonly explored: Explored;
  /** The world with the request taken, and the input of its saga; undefined when it is turned away. */
  readonly ask: (world: unknown) => { readonly world: unknown; readonly input: object } | undefined;
}

/** Something that a person answers, and the saga that waits for it. */
export interface Response {
  readonly words: string;
  /** The place of its request. */
  readonly saga: number;
  readonly signal: string;
  /** The world with the response taken, and what the signal says; undefined when it is turned away. */
  readonly give: (world: unknown) => { readonly world: unknown; readonly payload: object } | undefined;
}

/** What is explored together. */
export interface Together {
  readonly requests: readonly Request[];
  readonly responses: readonly Response[];
  readonly startedAt: number;
  /** What a success of this command replies in this world; undefined when examples say it. */
  readonly replyOf: (command: CommandContract) => ((world: unknown, payload: object) => unknown) | undefined;
}

export type JointMove =
  | { readonly kind: 'request'; readonly saga: number }
  | { readonly kind: 'respond'; readonly response: number }
  /** Moves of one saga, made in a row. */
  | { readonly kind: 'advance'; readonly saga: number; readonly moves: readonly Move[]; readonly disturbs: boolean };

/** One thing that happened on the way of a joint move. */
export interface JointStep {
  readonly scene: JointScene;
  /** The place of the saga to which it happened. */
  readonly saga: number;
  readonly before: SagaState | undefined;
  readonly went: Went;
  /** The move of the saga, and the scene before it; undefined for its start. */
  readonly moved?: { readonly move: Move; readonly from: Scene } | undefined;
}

/** Everything that may happen now. */
export function jointMovesFrom(scene: JointScene, together: Together): readonly JointMove[] {
  const moves: JointMove[] = [];
  for (const saga of together.requests.keys()) if (!scene.sagas[saga]) moves.push({ kind: 'request', saga });
  for (const [response, { saga }] of together.responses.entries())
    if (scene.sagas[saga] && !scene.given[response]) moves.push({ kind: 'respond', response });
  for (const saga of together.requests.keys()) {
    const own = sceneOf(scene, saga);
    if (own) moves.push(...advances(own, saga, together));
  }
  return moves;
}

/** What happens when this move is made, step by step; empty when it changes nothing. */
export function makeJointMove(scene: JointScene, move: JointMove, together: Together): readonly JointStep[] {
  switch (move.kind) {
    case 'request':
      return makeRequest(scene, move.saga, together);
    case 'respond':
      return giveResponse(scene, move.response, together);
    default:
      return advance(scene, move.saga, move.moves, together);
  }
}

/** Whether nothing of this move needs a person, or anybody's ill will. */
export function isJointlyKind(move: JointMove): boolean {
  return move.kind === 'advance' && move.moves.every(isKind);
}

function advances(scene: Scene, saga: number, together: Together): readonly JointMove[] {
  const { explored } = together.requests[saga] as Request;
  const moves: JointMove[] = [];
  const add = (disturbs: boolean, ...own: readonly Move[]): number =>
    moves.push({ kind: 'advance', saga, moves: own, disturbs });
  for (const move of movesFrom(scene, explored)) {
    // Handed-over commands follow below. A second copy of the start, or of an answer, changes nothing; and nothing is
    // promised about what an operator skips.
    if (move.kind === 'hand over' || move.kind === 'start' || move.kind === 'skip') continue;
    if (move.kind === 'answer' && !isAwaited(scene.posts[move.place] as Post, scene)) continue;
    add(disturbs(move, scene), move);
  }
  for (const [place, post] of scene.posts.entries()) {
    if (post.row) continue;
    for (const luck of lucksIn(scene.world, post, explored, together)) {
      const handled: Move = { kind: 'hand over', place, luck };
      const unlucky = luck.kind !== 'success';
      if (!isAwaited(post, scene)) add(unlucky, handled);
      else {
        add(unlucky, handled, { kind: 'answer', place });
        add(true, handled);
      }
    }
  }
  return moves;
}

/** People may be silent: only time that passes while a participant owes a reply is a disturbance. */
function disturbs(move: Move, { saga }: Scene): boolean {
  if (move.kind !== 'wait') return !isKind(move);
  return saga.status === 'PAUSED' ? saga.pause?.reason === 'operator' : isOwedAReply(saga);
}

function isAwaited({ command: { step, commandId } }: Post, { saga }: Scene): boolean {
  return saga.steps[step]?.exchange?.commandId === commandId;
}

function lucksIn(
  world: unknown,
  { command }: Post,
  { behaviourOf, effects }: Explored,
  together: Together,
): readonly Luck[] {
  const replyOf = together.replyOf(command.command);
  if (replyOf === undefined) return luckOf(command, behaviourOf(command.command));
  // A world in which it is refused, or fails, need not have what a reply is made of.
  const succeeds = effects.of(world, command.command, command.payload).kind === 'done';
  return luckOf(command, { replies: [succeeds ? replyOf(world, command.payload) : undefined] });
}

function makeRequest(scene: JointScene, saga: number, { requests, startedAt }: Together): readonly JointStep[] {
  const { ask, explored } = requests[saga] as Request;
  const taken = ask(scene.world);
  if (taken === undefined) return [];
  const start = { ...explored.start, input: taken.input };
  const went = opening(taken.world, startedAt, { ...explored, start });
  return [{ scene: withSaga(scene, saga, went.scene), saga, before: undefined, went }];
}

function giveResponse(scene: JointScene, response: number, together: Together): readonly JointStep[] {
  const { saga, signal, give } = together.responses[response] as Response;
  const taken = give(scene.world);
  if (taken === undefined) return [];
  const given = { ...scene, world: taken.world, given: scene.given.with(response, true) };
  return advance(given, saga, [{ kind: 'signal', signal, payload: taken.payload }], together);
}

function advance(
  start: JointScene,
  saga: number,
  moves: readonly Move[],
  { requests }: Together,
): readonly JointStep[] {
  const { explored } = requests[saga] as Request;
  const steps: JointStep[] = [];
  let scene = start;
  for (const move of moves) {
    const from = sceneOf(scene, saga) as Scene;
    const went = go(from, move, explored);
    if (went === undefined) break;
    scene = withSaga(scene, saga, went.scene);
    steps.push({ scene, saga, before: from.saga, went, moved: { move, from } });
  }
  return steps;
}

function withSaga(scene: JointScene, saga: number, moved: Scene): JointScene {
  return { ...scene, world: moved.world, sagas: scene.sagas.with(saga, moved) };
}
