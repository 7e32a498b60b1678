/* The moves that are possible from a scene, of all actors, and their results. */
import { commandsOf, type SagaDefinition, type StepDefinition } from '../../definition';
import {
  BrokenInvariantError,
  hasEnded,
  transition,
  type SagaEvent,
  type SagaState,
  type StepState,
  type TransitionResult,
} from '../../engine';
import { handle, possibleOutcomes, type HandlingOutcome, type Participants } from './participants';
import { isSpent, type Message, type Scene } from './scene';

export type Move =
  | { readonly kind: 'start' }
  | { readonly kind: 'handle'; readonly place: number; readonly outcome: HandlingOutcome }
  | { readonly kind: 'answer'; readonly place: number }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'signal'; readonly signal: string; readonly payload: unknown }
  | { readonly kind: 'operate'; readonly action: OperatorAction }
  /** An operator resolves the command at this place, with its true outcome. */
  | { readonly kind: 'resolve'; readonly place: number }
  | { readonly kind: 'skip'; readonly step: string }
  | { readonly kind: 'hold'; readonly service: string }
  /** The hold ends. `notified`: the saga is released; otherwise it notices the end by itself. */
  | { readonly kind: 'release'; readonly service: string; readonly notified: boolean }
  | { readonly kind: 'probe'; readonly step: string };

export type OperatorAction = 'pause' | 'resume' | 'retry' | 'cancel';

const OPERATOR_ACTIONS: readonly OperatorAction[] = ['pause', 'resume', 'retry', 'cancel'];

const operator = { by: 'an operator', reason: 'an exploration' };

/** What is explored: a definition, and participants in the world that the test describes. */
export interface Explored extends Participants {
  readonly definition: SagaDefinition;
  readonly start: Extract<SagaEvent, { kind: 'started' }>;
  /** The signals that may arrive at any time. */
  readonly signals: readonly Extract<Move, { kind: 'signal' }>[];
  /** The services whose commands may be held at any time. */
  readonly holdable: readonly string[];
}

/** The result of a move; event and result of the engine are missing when the orchestrator received nothing. */
export interface MoveResult {
  readonly scene: Scene;
  readonly what?: string;
  readonly event?: SagaEvent;
  readonly applied?: TransitionResult;
  /** The engine threw. */
  readonly invariantError?: string;
}

/** Returns all moves that are possible now. */
export function movesFrom(scene: Scene, explored: Explored): readonly Move[] {
  const moves: Move[] = [{ kind: 'start' }];
  for (const [place, { command, row }] of scene.messages.entries()) {
    if (row?.answer) moves.push({ kind: 'answer', place });
    // A second delivery of a handled command changes nothing for any outcome.
    if (row) moves.push({ kind: 'handle', place, outcome: { kind: 'success', reply: undefined } });
    else
      for (const outcome of possibleOutcomes(command, explored.behaviourOf(command.command)))
        moves.push({ kind: 'handle', place, outcome });
  }
  for (const until of instantsToCome(scene, explored.definition)) moves.push({ kind: 'wait', until });
  for (const action of OPERATOR_ACTIONS) moves.push({ kind: 'operate', action });
  for (const [place, message] of scene.messages.entries())
    if (isResolvable(message, scene)) moves.push({ kind: 'resolve', place });
  for (const [step, { status }] of Object.entries(scene.saga.steps))
    if (status === 'COMPENSATING') moves.push({ kind: 'skip', step });
  return [...moves, ...holdingMoves(scene, explored), ...explored.signals];
}

function holdingMoves({ held, saga }: Scene, { holdable }: Explored): readonly Move[] {
  const moves: Move[] = [];
  for (const service of holdable) {
    if (!held.includes(service)) moves.push({ kind: 'hold', service });
    else for (const notified of [true, false]) moves.push({ kind: 'release', service, notified });
  }
  for (const [step, state] of Object.entries(saga.steps)) if (state.held) moves.push({ kind: 'probe', step });
  return moves;
}

/** True when an operator can find out the outcome of the command that the saga waits for or will retry. */
function isResolvable({ command, row }: Message, { saga }: Scene): boolean {
  return row?.answer !== undefined && saga.steps[command.step]?.exchange?.commandId === command.commandId;
}

/** Returns the scene after this move; undefined when it changes nothing and nothing is received. */
export function go(scene: Scene, move: Move, explored: Explored): MoveResult | undefined {
  switch (move.kind) {
    case 'handle':
      return handle(scene, move.place, move.outcome, explored);
    case 'start':
      return applyEvent(scene, explored.start, scene.now, explored);
    case 'answer': {
      const answer = scene.messages[move.place]?.row?.answer;
      return answer && applyEvent(scene, answer, scene.now, explored);
    }
    case 'signal':
      return applyEvent(scene, { ...move, kind: 'signalled' }, scene.now, explored);
    case 'operate':
      return applyEvent(scene, { kind: move.action, ...operator }, scene.now, explored);
    case 'resolve':
      return resolve(scene, move.place, explored);
    case 'skip':
      return applyEvent(scene, { ...move, ...operator }, scene.now, explored);
    case 'hold':
      return { scene: { ...scene, held: [...scene.held, move.service].toSorted() } };
    case 'release':
      return release(scene, move, explored);
    case 'probe':
      return applyEvent(scene, { kind: 'probed', step: move.step }, scene.now, explored);
    default:
      // A paused saga has no wake-up; its time passes nevertheless.
      if (scene.saga.status === 'PAUSED') return { scene: { ...scene, now: move.until } };
      return applyEvent(scene, { kind: 'time-passed' }, move.until, explored);
  }
}

function release(
  scene: Scene,
  { service, notified }: Extract<Move, { kind: 'release' }>,
  explored: Explored,
): MoveResult {
  const released = { ...scene, held: scene.held.filter((each) => each !== service) };
  if (!notified) return { scene: released };
  const result = applyEvent(released, { kind: 'released' }, scene.now, explored);
  // If the saga waited for no hold, the release makes no difference.
  return result.applied?.ignored ? { scene: released } : result;
}

function resolve(scene: Scene, place: number, explored: Explored): MoveResult | undefined {
  const answer = scene.messages[place]?.row?.answer;
  if (answer === undefined) return undefined;
  const { step } = answer;
  const found = answer.kind === 'replied' ? { outcome: 'success', reply: answer.reply } : { outcome: 'failure' };
  return applyEvent(scene, { kind: 'resolve', step, ...found, ...operator } as SagaEvent, scene.now, explored);
}

/** The scene in which a saga begins. */
export function opening(world: unknown, now: number, explored: Explored): MoveResult {
  return applyEvent(
    { saga: undefined as unknown as SagaState, now, messages: [], world, held: [] },
    explored.start,
    now,
    explored,
  );
}

function applyEvent(scene: Scene, happened: SagaEvent, now: number, { definition }: Explored): MoveResult {
  const event = underHolds(happened, scene, definition);
  let applied;
  try {
    applied = transition(definition, scene.saga, event, now);
  } catch (error) {
    if (error instanceof BrokenInvariantError) return { scene, event, invariantError: error.message };
    throw error;
  }
  if (applied.ignored) return { scene, event, applied };
  return { scene: { ...scene, now, saga: applied.state, messages: withSent(scene.messages, applied) }, event, applied };
}

function underHolds(event: SagaEvent, { held }: Scene, definition: SagaDefinition): SagaEvent {
  if (held.length === 0) return event;
  return {
    ...event,
    held: commandsOf(definition).flatMap(({ service, type }) => (held.includes(service) ? type : [])),
  };
}

function withSent(messages: readonly Message[], { sends }: TransitionResult): readonly Message[] {
  const fresh = sends.filter(({ again }) => !again).map((command) => ({ command, effects: 0 }));
  return fresh.length === 0 ? messages : [...messages, ...fresh].filter(isWorthKeeping);
}

/** Keeps the latest of the failed attempts before the current one, so that its reply may arrive late. */
function isWorthKeeping(message: Message, place: number, messages: readonly Message[]): boolean {
  if (!isSpent(message)) return true;
  const { step, direction } = message.command;
  const later = messages
    .slice(place + 1)
    .filter(({ command }) => command.step === step && command.direction === direction);
  return later.length < 2;
}

/** Returns the instants at which something becomes due; waiting for the second means being late for the first. */
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
    // It passed while the saga was paused, and is noticed when the saga is resumed.
    else if (saga.status !== 'PAUSED') instants.add(now);
  }
  return [...instants].toSorted((a, b) => a - b);
}

/** When a step acts without a message. */
export function wakeUpOf({ exchange, held }: StepState): number | undefined {
  return held?.checkAt ?? exchange?.wakeAt;
}

/** The instants that do not move while a saga is paused: its deadline, and the ends of its waits. */
export function lastInstants(saga: SagaState, definition: SagaDefinition): readonly number[] {
  const instants = isUnderDeadline(saga, definition) ? [saga.deadlineAt as number] : [];
  for (const { awaitsUntil } of Object.values(saga.steps)) if (awaitsUntil !== undefined) instants.push(awaitsUntil);
  return instants;
}

/** True while the deadline can still make the saga compensate. */
export function isUnderDeadline(saga: SagaState, { stages }: SagaDefinition): boolean {
  if (saga.deadlineAt === undefined || saga.cause !== undefined) return false;
  return stages.every(({ steps }) => steps.every((step) => !hasPassedPivot(step, saga)));
}

function hasPassedPivot({ kind, name, forEach }: StepDefinition, { steps, groups }: SagaState): boolean {
  if (kind !== 'pivot' && kind !== 'retriable') return false;
  if (forEach) return groups?.[name] !== undefined;
  const { status } = steps[name] ?? {};
  return status !== 'PENDING' && status !== 'SKIPPED';
}
