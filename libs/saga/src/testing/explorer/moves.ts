/* What may happen next to a saga, whoever does it, and what it leads to. */
import { commandsOf, type SagaDefinition, type StepDefinition } from '../../definition';
import {
  BrokenInvariantError,
  hasEnded,
  transition,
  type SagaEvent,
  type SagaState,
  type StepState,
  type Turn,
} from '../../engine';
import { handOver, luckOf, type Luck, type Participants } from './participants';
import { isSpent, type Post, type Scene } from './scene';

export type Move =
  | { readonly kind: 'start' }
  | { readonly kind: 'hand over'; readonly place: number; readonly luck: Luck }
  | { readonly kind: 'answer'; readonly place: number }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'signal'; readonly signal: string; readonly payload: unknown }
  | { readonly kind: 'operate'; readonly action: OperatorAction }
  /** An operator has found out what became of the command at this place, and tells the truth. */
  | { readonly kind: 'resolve'; readonly place: number }
  | { readonly kind: 'skip'; readonly step: string }
  | { readonly kind: 'hold'; readonly service: string }
  /** The hold ends; `told`: the saga hears of it, and need not find out by itself. */
  | { readonly kind: 'release'; readonly service: string; readonly told: boolean }
  | { readonly kind: 'probe'; readonly step: string };

export type OperatorAction = 'pause' | 'resume' | 'retry' | 'cancel';

const OPERATOR_ACTIONS: readonly OperatorAction[] = ['pause', 'resume', 'retry', 'cancel'];

const operator = { by: 'an operator', reason: 'why not' };

/** What is explored: a definition on the protocol, in the world that the test describes. */
export interface Explored extends Participants {
  readonly definition: SagaDefinition;
  readonly start: Extract<SagaEvent, { kind: 'started' }>;
  /** What may come from outside, at any time. */
  readonly signals: readonly Extract<Move, { kind: 'signal' }>[];
  /** The services whose commands may be held, at any time. */
  readonly holdable: readonly string[];
}

/** Where a move led; the event and the turn are missing where the orchestrator heard of nothing. */
export interface Went {
  readonly scene: Scene;
  readonly what?: string;
  readonly event?: SagaEvent;
  readonly turn?: Turn;
  /** The engine threw. */
  readonly broke?: string;
}

/** Everything that may happen now. */
export function movesFrom(scene: Scene, explored: Explored): readonly Move[] {
  const moves: Move[] = [{ kind: 'start' }];
  for (const [place, { command, row }] of scene.posts.entries()) {
    if (row?.answer) moves.push({ kind: 'answer', place });
    // Of a command that was handled, a second copy changes nothing, however lucky.
    if (row) moves.push({ kind: 'hand over', place, luck: { kind: 'success', reply: undefined } });
    else
      for (const luck of luckOf(command, explored.behaviourOf(command.command)))
        moves.push({ kind: 'hand over', place, luck });
  }
  for (const until of instantsToCome(scene, explored.definition)) moves.push({ kind: 'wait', until });
  for (const action of OPERATOR_ACTIONS) moves.push({ kind: 'operate', action });
  for (const [place, post] of scene.posts.entries()) if (isToldOf(post, scene)) moves.push({ kind: 'resolve', place });
  for (const [step, { status }] of Object.entries(scene.saga.steps))
    if (status === 'COMPENSATING') moves.push({ kind: 'skip', step });
  return [...moves, ...holdingMoves(scene, explored), ...explored.signals];
}

function holdingMoves({ held, saga }: Scene, { holdable }: Explored): readonly Move[] {
  const moves: Move[] = [];
  for (const service of holdable) {
    if (!held.includes(service)) moves.push({ kind: 'hold', service });
    else for (const told of [true, false]) moves.push({ kind: 'release', service, told });
  }
  for (const [step, state] of Object.entries(saga.steps)) if (state.held) moves.push({ kind: 'probe', step });
  return moves;
}

/** Whether somebody who looks finds out how the command ended that the saga waits for, or is about to try again. */
function isToldOf({ command, row }: Post, { saga }: Scene): boolean {
  return row?.answer !== undefined && saga.steps[command.step]?.exchange?.commandId === command.commandId;
}

/** The scene after this move; undefined when it changes nothing and nobody is told. */
export function go(scene: Scene, move: Move, explored: Explored): Went | undefined {
  switch (move.kind) {
    case 'hand over':
      return handOver(scene, move.place, move.luck, explored);
    case 'start':
      return tell(scene, explored.start, scene.now, explored);
    case 'answer': {
      const answer = scene.posts[move.place]?.row?.answer;
      return answer && tell(scene, answer, scene.now, explored);
    }
    case 'signal':
      return tell(scene, { ...move, kind: 'signalled' }, scene.now, explored);
    case 'operate':
      return tell(scene, { kind: move.action, ...operator }, scene.now, explored);
    case 'resolve':
      return resolve(scene, move.place, explored);
    case 'skip':
      return tell(scene, { ...move, ...operator }, scene.now, explored);
    case 'hold':
      return { scene: { ...scene, held: [...scene.held, move.service].toSorted() } };
    case 'release':
      return release(scene, move, explored);
    case 'probe':
      return tell(scene, { kind: 'probed', step: move.step }, scene.now, explored);
    default:
      // A saga that stands still is not woken; its time passes all the same.
      if (scene.saga.status === 'PAUSED') return { scene: { ...scene, now: move.until } };
      return tell(scene, { kind: 'time-passed' }, move.until, explored);
  }
}

function release(scene: Scene, { service, told }: Extract<Move, { kind: 'release' }>, explored: Explored): Went {
  const released = { ...scene, held: scene.held.filter((each) => each !== service) };
  if (!told) return { scene: released };
  const went = tell(released, { kind: 'released' }, scene.now, explored);
  // Where the saga waited for no hold, it is as if it had not been told.
  return went.turn?.ignored ? { scene: released } : went;
}

function resolve(scene: Scene, place: number, explored: Explored): Went | undefined {
  const answer = scene.posts[place]?.row?.answer;
  if (answer === undefined) return undefined;
  const { step } = answer;
  const found = answer.kind === 'replied' ? { outcome: 'success', reply: answer.reply } : { outcome: 'failure' };
  return tell(scene, { kind: 'resolve', step, ...found, ...operator } as SagaEvent, scene.now, explored);
}

/** The scene in which a saga begins. */
export function opening(world: unknown, now: number, explored: Explored): Went {
  return tell(
    { saga: undefined as unknown as SagaState, now, posts: [], world, held: [] },
    explored.start,
    now,
    explored,
  );
}

function tell(scene: Scene, happened: SagaEvent, now: number, { definition }: Explored): Went {
  const event = underHolds(happened, scene, definition);
  let turn;
  try {
    turn = transition(definition, scene.saga, event, now);
  } catch (error) {
    if (error instanceof BrokenInvariantError) return { scene, event, broke: error.message };
    throw error;
  }
  if (turn.ignored) return { scene, event, turn };
  return { scene: { ...scene, now, saga: turn.state, posts: withSent(scene.posts, turn) }, event, turn };
}

function underHolds(event: SagaEvent, { held }: Scene, definition: SagaDefinition): SagaEvent {
  if (held.length === 0) return event;
  return {
    ...event,
    held: commandsOf(definition).flatMap(({ service, type }) => (held.includes(service) ? type : [])),
  };
}

function withSent(posts: readonly Post[], { sends }: Turn): readonly Post[] {
  const fresh = sends.filter(({ again }) => !again).map((command) => ({ command, effects: 0 }));
  return fresh.length === 0 ? posts : [...posts, ...fresh].filter(isWorthKeeping);
}

/** Of the attempts that failed, the last one before the present stays, so that its answer may come late. */
function isWorthKeeping(post: Post, place: number, posts: readonly Post[]): boolean {
  if (!isSpent(post)) return true;
  const { step, direction } = post.command;
  const later = posts
    .slice(place + 1)
    .filter(({ command }) => command.step === step && command.direction === direction);
  return later.length < 2;
}

/** The instants at which something becomes due; waiting for the second is being late for the first. */
export function instantsToCome({ saga, now }: Scene, definition: SagaDefinition): readonly number[] {
  if (hasEnded(saga)) return [];
  const instants = new Set<number>();
  if (saga.status !== 'PAUSED')
    for (const step of Object.values(saga.steps)) {
      const wakeAt = wakeUpOf(step);
      if (wakeAt !== undefined) instants.add(Math.max(now, wakeAt));
    }
  for (const instant of lastInstants(saga, definition)) {
    if (instant > now) instants.add(instant);
    // It passed while the saga was paused, and is noticed as soon as it is resumed.
    else if (saga.status !== 'PAUSED') instants.add(now);
  }
  return [...instants].toSorted((a, b) => a - b);
}

/** When a step does something by itself. */
export function wakeUpOf({ exchange, held }: StepState): number | undefined {
  return held?.checkAt ?? exchange?.wakeAt;
}

/** The instants that stay where they are while a saga is paused: its deadline, and the ends of its waits. */
export function lastInstants(saga: SagaState, definition: SagaDefinition): readonly number[] {
  const instants = isUnderDeadline(saga, definition) ? [saga.deadlineAt as number] : [];
  for (const { awaitsUntil } of Object.values(saga.steps)) if (awaitsUntil !== undefined) instants.push(awaitsUntil);
  return instants;
}

/** True while the deadline may still turn the saga back. */
export function isUnderDeadline(saga: SagaState, { stages }: SagaDefinition): boolean {
  if (saga.deadlineAt === undefined || saga.cause !== undefined) return false;
  return stages.every(({ steps }) => steps.every((step) => !isPastReturn(step, saga)));
}

function isPastReturn({ kind, name, forEach }: StepDefinition, { steps, groups }: SagaState): boolean {
  if (kind !== 'pivot' && kind !== 'retriable') return false;
  if (forEach) return groups?.[name] !== undefined;
  const { status } = steps[name] ?? {};
  return status !== 'PENDING' && status !== 'SKIPPED';
}
