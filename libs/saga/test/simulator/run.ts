/*
 * One run: first a world with faults until the tape ends, then one without. Then every saga must end, or pause for a
 * permitted reason; an operator resumes the paused ones, which must end too.
 */
import type { Direction } from '../../src/contract';
import { hasEnded, type Pause, type PauseReason, type SagaEvent, type SagaState } from '../../src/engine';
import { step } from './fault-injector';
import { REGISTRIES } from './definitions';
import { Journal } from './journal';
import type { Process } from './process';
import { SERVICES } from './shop';
import { Simulation } from './simulation';
import { Tape } from './tape';
import { judge } from './verdict';
import { Violation } from './violation';

export interface Run {
  readonly broken: string | undefined;
  readonly events: number;
  readonly journal: Journal;
  /** The same run with each number reduced to its range. */
  readonly tape: readonly number[];
  /** The positions on the tape that chose a fault. */
  readonly faults: readonly number[];
}

const MOST_CALM_STEPS = 20_000;
const STEPS_BEFORE_HELP = 2_000;
const MOST_RESUMES = 12;
const MAY_PAUSE: readonly (PauseReason | undefined)[] = [
  'operator',
  'needs-attention',
  'pivot-unanswered',
  'outcome-unknown',
  'action-forgotten',
];

/** Runs a tape; with `listens` it keeps a journal. */
export function run(numbers: readonly number[] | Uint32Array, listens = false): Run {
  const journal = new Journal(listens);
  const tape = new Tape(numbers);
  const world = new Simulation(tape, journal);
  const faults: number[] = [];
  let broken: string | undefined;
  try {
    while (!tape.isOver) {
      const at = tape.position;
      if (step(world)) faults.push(at);
    }
    endAllSagas(world);
    judge(world);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    broken = error.message;
  }
  let events = 0;
  for (const history of world.orchestrator.histories.values()) events += history.length;
  return { broken, events, journal, tape: tape.chosen.slice(0, numbers.length), faults };
}

function endAllSagas(world: Simulation): void {
  world.mix = new Map();
  world.held.clear();
  for (const self of world.processes) self.registry = REGISTRIES[0] as Process['registry'];
  for (let resumes = 0; resumes < MOST_RESUMES; resumes += 1) {
    settle(world);
    const paused = [...world.orchestrator.sagas].map(({ state }) => state).filter(({ status }) => status === 'PAUSED');
    if (paused.length === 0) break;
    for (const saga of paused) resume(world, saga);
  }
  for (const { state } of world.orchestrator.sagas)
    if (!hasEnded(state)) throw new Violation(`a saga is still ${state.status} without faults`);
}

function settle(world: Simulation): void {
  for (let steps = 0; steps < MOST_CALM_STEPS; steps += 1) {
    const next = world.progress();
    // Only time can pass, and no timer is due.
    if (next.length === 1 && world.nextDue() === undefined) return;
    next[0]?.();
    // A parent polls a paused child forever.
    if (steps > STEPS_BEFORE_HELP && [...world.orchestrator.sagas].some(({ state }) => state.status === 'PAUSED'))
      return;
  }
  throw new Violation('it does not come to rest without faults');
}

function resume(world: Simulation, saga: SagaState): void {
  const { id, pause } = saga;
  if (!MAY_PAUSE.includes(pause?.reason)) throw new Violation(`a saga is PAUSED: ${pause?.reason}: ${pause?.detail}`);
  const [self] = world.processes;
  const found = pause?.reason === 'outcome-unknown' ? lookUp(world, saga, pause.step ?? '') : undefined;
  world.journal.log(() => world.line(`an operator ${found ? `finds a ${found.outcome} and ` : ''}resumes the saga`));
  const operator = { by: 'an operator', reason: 'all is calm' };
  const event = helping(pause, found, operator);
  world.operate(self as Process, { sagaId: id, event });
  settle(world);
}

/** Skips compensations that can no longer succeed. */
function helping(
  pause: Pause | undefined,
  found: Finding | undefined,
  operator: { readonly by: string; readonly reason: string },
): SagaEvent {
  if (pause?.reason === 'action-forgotten') return { kind: 'skip', step: pause.step ?? '', ...operator };
  return found ? { kind: 'resolve', ...found, ...operator } : { kind: 'resume', ...operator };
}

interface Finding {
  readonly step: string;
  readonly outcome: 'success' | 'failure';
}

/** The effect of a step as an operator sees it; undefined while it is unfinished. */
function lookUp(world: Simulation, { id, steps }: SagaState, step: string): Finding | undefined {
  const effects = SERVICES.flatMap((service) => world.services[service].effects);
  const count = (direction: Direction): number =>
    effects.filter((effect) => effect.sagaId === id && effect.step === step && effect.direction === direction).length;
  const undoing = steps[step]?.status === 'COMPENSATING';
  // A step that the starting service completed before the saga has no action.
  const done = undoing && steps[step]?.actionId === undefined ? 1 : count('action');
  const settled = undoing ? count('compensation') === done : done > 0;
  if (settled) return { step, outcome: 'success' };
  return steps[step]?.exchange?.waitsFor === 'reply' ? { step, outcome: 'failure' } : undefined;
}
