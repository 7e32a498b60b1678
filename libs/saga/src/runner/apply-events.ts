import { searchAttributesOf, shorten } from '../contract';
import type { DefinitionRegistry, SagaDefinition } from '../definition';
import {
  checkReply,
  halt,
  hasEnded,
  sentOf,
  transition,
  type HistoryEntry,
  type SagaEvent,
  type SagaState,
  type TransitionResult,
} from '../engine';
import { outgoing, toParent } from './command-message';
import { heldStepChanges } from '../holds';
import { incidentChange } from '../incidents';
import type { SagaInput } from './saga-input';
import { sagaDelta, type AppliedToSaga } from '../statistics';
import { searchColumnsOf, type OutgoingCommand, type SagaUpdate, type StoredSaga } from '../store';

const POLLS: ReadonlySet<SagaEvent['kind']> = new Set(['time-passed', 'definition-found', 'released', 'probed']);

/** Applies events to one saga, in order, and collects what is to be saved. Undefined when nothing is. */
export function applyEvents(
  registry: DefinitionRegistry,
  before: StoredSaga | undefined,
  inputs: readonly SagaInput[],
  now: number,
  holds?: HoldsInForce,
): SagaUpdate | undefined {
  let state = before?.state;
  let revision = before?.revision ?? 0;
  const history: HistoryEntry[] = [];
  const appliedToSaga: AppliedToSaga[] = [];
  const outbox: OutgoingCommand[] = [];
  for (const { event } of inputs) {
    if (state === undefined && !canBegin(registry, event)) continue;
    const { applied, result, commands } = applyEvent(registry, state, event, now, holds);
    state = result.state;
    appliedToSaga.push({ event: applied, state, ignored: result.ignored !== undefined });
    if (result.answer) outbox.push(toParent(state, result.answer, revision + 1, registry.topics, now));
    // Empty timer polls are not recorded in the history.
    if (result.ignored && POLLS.has(event.kind)) continue;
    history.push({ seq: (revision += 1), at: now, event: applied, sent: sentOf(result), ignored: result.ignored });
    outbox.push(...commands);
  }
  if (state === undefined) return undefined;
  const armedAt = armedFor(
    state,
    before,
    inputs.some(({ timerFired }) => timerFired === true),
    now,
  );
  if (history.length === 0 && armedAt === before?.armedAt) return undefined;
  const held = heldStepChanges(registry, before?.state, state, history, holds?.releasing === true);
  const incident = incidentChange(registry, before?.state, state);
  const delta = sagaDelta(registry, before?.state, appliedToSaga, now);
  const states = appliedToSaga.map((each) => each.state);
  const definition = registry.find(state.definition, state.version);
  const search = searchColumnsOf(definition, state);
  const found = definition && !hadDefinition(before) ? attributesOf(definition, state) : undefined;
  const attributes = found?.attributes;
  const attributesProblem = found?.attributesProblem;
  return {
    state,
    before,
    states,
    revision,
    armedAt,
    history,
    outbox,
    held,
    incident,
    delta,
    search,
    attributes,
    attributesProblem,
  };
}

/** A saga has no steps before it has its definition. */
function hadDefinition(before: StoredSaga | undefined): boolean {
  return before !== undefined && Object.keys(before.state.steps).length > 0;
}

/** A saga goes on without the attributes that cannot be stored; the service that starts it refuses them. */
function attributesOf(
  definition: SagaDefinition,
  { input }: SagaState,
): Pick<SagaUpdate, 'attributes' | 'attributesProblem'> {
  try {
    return { attributes: searchAttributesOf(definition, input) };
  } catch (error) {
    return { attributes: [], attributesProblem: String(error) };
  }
}

/**
 * A saga begins with its start, or with an undo that arrives before it. Its definition decides which, so it must be
 * known.
 */
function canBegin(registry: DefinitionRegistry, event: SagaEvent): boolean {
  if (event.kind === 'undo') return registry.find(event.definition, event.version) !== undefined;
  return event.kind === 'started';
}

interface AppliedEvent {
  readonly applied: SagaEvent;
  readonly result: TransitionResult;
  readonly commands: readonly OutgoingCommand[];
}

/** What is held of a definition's sagas; undefined when nothing is. */
export interface HoldsInForce {
  heldOf(definition: SagaDefinition): readonly string[] | undefined;
  /** Whether released sagas still wait for a reply; only then are replies compared with them. */
  readonly releasing: boolean;
}

function applyEvent(
  registry: DefinitionRegistry,
  state: SagaState | undefined,
  event: SagaEvent,
  now: number,
  holds: HoldsInForce | undefined,
): AppliedEvent {
  if (event.kind === 'started' && event.halted !== undefined) return haltedWith(event, state, now);
  const { definition: name, version } = definitionOf(registry, state, event);
  const definition = registry.find(name, version);
  if (definition === undefined) {
    if (event.kind === 'pause') return haltedWith(event, state, now);
    const detail = `No definition of ${name} v${version} is registered; register it again, and the saga continues.`;
    const halted: SagaEvent = { kind: 'halted', because: 'definition-missing', detail };
    return haltedWith(halted, state, now);
  }
  const held = holds?.heldOf(definition);
  const checked = checkReply(definition, held ? { ...event, held } : event);
  try {
    const result = transition(definition, state, checked, now);
    return {
      applied: checked,
      result,
      commands: result.sends.map((send) => outgoing(result.state, send, registry.topics, now)),
    };
  } catch (error) {
    // A broken invariant, or a command too large to be sent, affects only this saga: it pauses with the reason until an
    // operator acts.
    const why = { because: 'engine-fault', detail: shorten(`${String(error)}${thrownAt(error)}`, 1_000) } as const;
    const halted =
      event.kind === 'started'
        ? { ...event, because: why.because, halted: why.detail }
        : { kind: 'halted' as const, ...why };
    return haltedWith(halted, state, now);
  }
}

/** Where in the source an error was thrown, as an addition to its text. */
function thrownAt(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [, place] = /^\s+at .*?\(?([^\s()]+:\d+):\d+\)?$/m.exec(stack) ?? [];
  return place === undefined ? '' : ` (${place})`;
}

/**
 * A saga keeps the version with which it began. One that began before its definition was registered takes the newest.
 */
function definitionOf(
  registry: DefinitionRegistry,
  state: SagaState | undefined,
  event: SagaEvent,
): { definition: string; version: number } {
  if (state === undefined) return event as Extract<SagaEvent, { kind: 'started' }>;
  if (state.version !== 0) return state;
  const { definition } = state;
  return event.kind === 'definition-found'
    ? { definition, version: event.version }
    : { definition, version: registry.newest(definition)?.version ?? 0 };
}

function haltedWith(event: Parameters<typeof halt>[1], state: SagaState | undefined, now: number): AppliedEvent {
  return { applied: event, result: halt(state, event, now), commands: [] };
}

/**
 * When the timer must fire. It fires at the earliest wake-up so far, and moves when that has passed or when it must
 * fire earlier. It is never armed for the past, which most scans for due timers do not read.
 */
function armedFor(state: SagaState, before: StoredSaga | undefined, fired: boolean, now: number): number | undefined {
  if (hasEnded(state) || state.wakeAt === undefined) return undefined;
  const due = Math.max(state.wakeAt, now);
  const armed = fired ? undefined : before?.armedAt;
  return armed === undefined || due < armed ? due : armed;
}
