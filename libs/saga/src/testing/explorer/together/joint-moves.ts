/*
 * The moves that are possible for several sagas on one world, and their results.
 *
 * Sagas affect each other only through the world: a command that takes effect, or a request or response of a person,
 * may affect other sagas; a reply that arrives, passing time and an operator do not. So a reply arrives together with
 * its effect (one move) unless it is delayed, which is a disturbance: other sagas could do the same before or after.
 */
import type { CommandContract } from '../../../contract';
import type { SagaState } from '../../../engine';
import { isBenign, isReplyMissing } from '../disturbances';
import { go, movesFrom, opening, type Explored, type Move, type MoveResult } from '../moves';
import { possibleOutcomes, type HandlingOutcome } from '../participants';
import type { Message, Scene } from '../scene';
import { sceneOf, type JointScene } from './joint-scene';

/** A request of a person, and the saga that it starts. */
export interface Request {
  readonly words: string;
  readonly explored: Explored;
  /** Returns the world after the request, and the input of its saga; undefined when the request is rejected. */
  readonly ask: (world: unknown) => { readonly world: unknown; readonly input: object } | undefined;
}

/** A response of a person, and the saga that waits for it. */
export interface Response {
  readonly words: string;
  /** The index of its request. */
  readonly saga: number;
  readonly signal: string;
  /** Returns the world after the response, and the signal's data; undefined when the response is rejected. */
  readonly give: (world: unknown) => { readonly world: unknown; readonly payload: object } | undefined;
}

/** What is explored together. */
export interface Together {
  readonly requests: readonly Request[];
  readonly responses: readonly Response[];
  readonly startedAt: number;
  /** Returns the reply of a success of this command in this world; undefined when examples define it. */
  readonly replyOf: (command: CommandContract) => ((world: unknown, payload: object) => unknown) | undefined;
}

export type JointMove =
  | { readonly kind: 'request'; readonly saga: number }
  | { readonly kind: 'respond'; readonly response: number }
  /** Moves of one saga, made without a break. */
  | { readonly kind: 'advance'; readonly saga: number; readonly moves: readonly Move[]; readonly disturbs: boolean };

/** One event within a joint move. */
export interface JointStep {
  readonly scene: JointScene;
  /** The index of the saga that it concerns. */
  readonly saga: number;
  readonly before: SagaState | undefined;
  readonly result: MoveResult;
  /** The move of the saga, and the scene before it; undefined for its start. */
  readonly moved?: { readonly move: Move; readonly from: Scene } | undefined;
}

/** Returns all moves that are possible now. */
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

/** Returns the steps of this move; none when it changes nothing. */
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

/** True when the move needs no person and no disturbance. */
export function isJointlyBenign(move: JointMove): boolean {
  return move.kind === 'advance' && move.moves.every(isBenign);
}

function advances(scene: Scene, saga: number, together: Together): readonly JointMove[] {
  const { explored } = together.requests[saga] as Request;
  const moves: JointMove[] = [];
  const add = (disturbs: boolean, ...own: readonly Move[]): number =>
    moves.push({ kind: 'advance', saga, moves: own, disturbs });
  for (const move of movesFrom(scene, explored)) {
    // Handlings follow below. A second delivery of the start, or of a reply, changes nothing; and no promises apply
    // after an operator's skip.
    // promised about what an operator skips.
    if (move.kind === 'handle' || move.kind === 'start' || move.kind === 'skip') continue;
    if (move.kind === 'answer' && !isAwaited(scene.messages[move.place] as Message, scene)) continue;
    add(disturbs(move, scene), move);
  }
  for (const [place, message] of scene.messages.entries()) {
    if (message.row) continue;
    for (const outcome of outcomesIn(scene.world, message, explored, together)) {
      const handled: Move = { kind: 'handle', place, outcome };
      const disturbing = outcome.kind !== 'success';
      if (!isAwaited(message, scene)) add(disturbing, handled);
      else {
        add(disturbing, handled, { kind: 'answer', place });
        add(true, handled);
      }
    }
  }
  return moves;
}

/** People may be silent: passing time is a disturbance only while a participant owes a reply. */
function disturbs(move: Move, { saga }: Scene): boolean {
  if (move.kind !== 'wait') return !isBenign(move);
  return saga.status === 'PAUSED' ? saga.pause?.reason === 'operator' : isReplyMissing(saga);
}

function isAwaited({ command: { step, commandId } }: Message, { saga }: Scene): boolean {
  return saga.steps[step]?.exchange?.commandId === commandId;
}

function outcomesIn(
  world: unknown,
  { command }: Message,
  { behaviourOf, effects }: Explored,
  together: Together,
): readonly HandlingOutcome[] {
  const replyOf = together.replyOf(command.command);
  if (replyOf === undefined) return possibleOutcomes(command, behaviourOf(command.command));
  // In a world where it is refused or fails, the reply may not be computable.
  const succeeds = effects.of(world, command.command, command.payload).kind === 'done';
  return possibleOutcomes(command, { replies: [succeeds ? replyOf(world, command.payload) : undefined] });
}

function makeRequest(scene: JointScene, saga: number, { requests, startedAt }: Together): readonly JointStep[] {
  const { ask, explored } = requests[saga] as Request;
  const taken = ask(scene.world);
  if (taken === undefined) return [];
  const start = { ...explored.start, input: taken.input };
  const result = opening(taken.world, startedAt, { ...explored, start });
  return [{ scene: withSaga(scene, saga, result.scene), saga, before: undefined, result }];
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
    const result = go(from, move, explored);
    if (result === undefined) break;
    scene = withSaga(scene, saga, result.scene);
    steps.push({ scene, saga, before: from.saga, result, moved: { move, from } });
  }
  return steps;
}

function withSaga(scene: JointScene, saga: number, moved: Scene): JointScene {
  return { ...scene, world: moved.world, sagas: scene.sagas.with(saga, moved) };
}
