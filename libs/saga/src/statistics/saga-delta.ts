/*
 * What a saga's update adds to the statistics follows from the events and the states before and after each. It is stored
 * with the saga, in the same statement, so every event counts exactly once, whatever crashes.
 */
import type { Direction } from '../contract';
import { stepNamed, type DefinitionRegistry, type SagaDefinition } from '../definition';
import { hasEnded, type AnswerEvent, type SagaEvent, type SagaState, type StepState } from '../engine';
import { sumOf, type Counts, type StepCounts } from './counts';
import { histogramOf } from './histogram';

export const MINUTE_MS = 60_000;

/** A change of how many sagas of a version, started in a minute, have not ended. */
export interface OpenChange {
  readonly version: number;
  /** In minutes since 1970. */
  readonly started: number;
  readonly change: 1 | -1;
}

/** What one update of a saga adds to the statistics. */
export interface SagaDelta {
  readonly definition: string;
  /** When it happened, in minutes since 1970. */
  readonly minute: number;
  readonly open: readonly OpenChange[];
  readonly counts: Counts;
}

/** An event that was applied, and the state after it. */
export interface AppliedToSaga {
  readonly event: SagaEvent;
  readonly state: SagaState;
  readonly ignored: boolean;
}

/** Finds definitions, for how long their commands may take. */
export type KnownDefinitions = Pick<DefinitionRegistry, 'find'>;

/** Undefined when the events add nothing. */
export function sagaDelta(
  registry: KnownDefinitions,
  before: SagaState | undefined,
  applied: readonly AppliedToSaga[],
  now: number,
): SagaDelta | undefined {
  const counts: Counts[] = [];
  let was = before;
  for (const { event, state, ignored } of applied) {
    if (!ignored && state !== was) {
      counts.push(...changeOfStatus(was, state));
      if (was) counts.push(...stepsOf(registry.find(state.definition, state.version), was, event, state, now));
    }
    was = state;
  }
  if (was === undefined) return undefined;
  const open = openChanges(before, was);
  if (open.length === 0 && counts.length === 0) return undefined;
  const [only = {}] = counts;
  return {
    definition: was.definition,
    minute: minuteOf(now),
    open,
    counts: counts.length > 1 ? sumOf(counts) : only,
  };
}

export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}

function openChanges(before: SagaState | undefined, after: SagaState): OpenChange[] {
  const wasOpen = before !== undefined && !hasEnded(before);
  const isOpen = !hasEnded(after);
  if (wasOpen && isOpen && before.version === after.version) return [];
  return [...(wasOpen ? [openChange(before, -1)] : []), ...(isOpen ? [openChange(after, 1)] : [])];
}

function openChange({ version, startedAt }: SagaState, change: 1 | -1): OpenChange {
  return { version, started: minuteOf(startedAt), change };
}

function changeOfStatus(before: SagaState | undefined, after: SagaState): Counts[] {
  const counts: Counts[] = before === undefined ? [{ started: 1 }] : [];
  // The engine keeps the object of a pause as long as the pause lasts.
  if (after.status === 'PAUSED' && after.pause !== before?.pause) counts.push({ paused: 1 });
  if (before?.status === after.status || !hasEnded(after)) return counts;
  const took = histogramOf((after.endedAt ?? after.startedAt) - after.startedAt);
  if (after.status === 'COMPLETED') counts.push({ completed: 1, took });
  else counts.push({ compensated: 1, took, causes: causeOf(after) });
  return counts;
}

/** Without a cause a child was compensated before it began. */
function causeOf({ cause }: SagaState): Counts['causes'] {
  return { [cause?.kind ?? 'parent']: { [nameWithoutIndex(cause?.step ?? '')]: 1 } };
}

function stepsOf(
  definition: SagaDefinition | undefined,
  before: SagaState,
  event: SagaEvent,
  after: SagaState,
  now: number,
): Counts[] {
  switch (event.kind) {
    case 'replied':
    case 'refused':
    case 'failed':
    case 'broken':
    case 'unknown':
      return answered(definition, before, event, now);
    case 'time-passed':
      return Object.entries(before.steps).flatMap(([name, step]) => unanswered(name, step, after.steps[name], now));
    case 'signalled':
      return Object.entries(before.steps).flatMap(([name, step]) =>
        signalled(definition, name, step, after.steps[name], now),
      );
    default:
      return [];
  }
}

const OUTCOMES = {
  replied: 'succeeded',
  refused: 'refused',
  failed: 'failed',
  broken: 'failed',
  unknown: 'failed',
} as const satisfies Record<AnswerEvent['kind'], keyof StepCounts>;

function answered(
  definition: SagaDefinition | undefined,
  before: SagaState,
  { kind, step, direction }: AnswerEvent,
  now: number,
): Counts[] {
  const timeoutMs = definition && stepNamed(definition, step)?.[direction]?.timeoutMs;
  const wakeAt = before.steps[step]?.exchange?.wakeAt;
  const took = timeoutMs === undefined || wakeAt === undefined ? undefined : now - (wakeAt - timeoutMs);
  return [countsOfStep(step, direction, OUTCOMES[kind], took)];
}

/** A command that is sent again, given up or held, and a wait that is over. */
function unanswered(name: string, before: StepState, after: StepState | undefined, now: number): Counts[] {
  const { exchange, held, awaitsUntil } = before;
  if (before === after) return [];
  if (awaitsUntil !== undefined && awaitsUntil <= now) return [countsOfStep(name, 'action', 'unanswered')];
  if (held || exchange?.waitsFor !== 'reply' || exchange.wakeAt > now) return [];
  return [countsOfStep(name, exchange.direction, 'unanswered')];
}

function signalled(
  definition: SagaDefinition | undefined,
  name: string,
  { awaitsUntil }: StepState,
  after: StepState | undefined,
  now: number,
): Counts[] {
  if (awaitsUntil === undefined || (after?.status !== 'DONE' && after?.status !== 'REFUSED')) return [];
  const timeoutMs = definition && stepNamed(definition, name)?.wait?.timeoutMs;
  const took = timeoutMs === undefined ? undefined : now - (awaitsUntil - timeoutMs);
  return [countsOfStep(name, 'action', after.status === 'DONE' ? 'succeeded' : 'refused', took)];
}

function countsOfStep(
  step: string,
  direction: Direction,
  outcome: Exclude<keyof StepCounts, 'took'>,
  took?: number,
): Counts {
  const counts: StepCounts = { [outcome]: 1, ...(took === undefined ? {} : { took: histogramOf(took) }) };
  return { steps: { [nameWithoutIndex(step)]: { [direction]: counts } } };
}

function nameWithoutIndex(step: string): string {
  return step.replace(/\[\d+\]$/, '');
}
