/*
 * The rules of transition.ts as checks of one event and what it did, for whoever leads a saga through many: the explorer and
 * the simulator. The numbers are those of transition.ts; rule 8 is about whole histories, so it is not here.
 */
import { ACTION_FORGOTTEN } from '../contract';
import { stepNamed, stepsOfStage, type SagaDefinition, type StepDefinition } from '../definition';
import { hasEnded, type SagaEvent, type SagaState, type StepStatus, type Turn } from '../engine';

/** One event and what it did. */
export interface Observed {
  readonly definition: SagaDefinition;
  readonly before: SagaState | undefined;
  readonly event: SagaEvent;
  readonly turn: Turn;
}

type Rule = (observed: Observed) => string | undefined;

/** The first rule that this event broke, in words; undefined when all of them hold. */
export function brokenRule(observed: Observed): string | undefined {
  for (const rule of RULES) {
    const broken = rule(observed);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

const LEFT_NOTHING: readonly (StepStatus | undefined)[] = [
  'COMPENSATED',
  'REFUSED',
  'FAILED',
  'SKIPPED',
  'COMPENSATION_SKIPPED',
];
const UNSETTLED: readonly (StepStatus | undefined)[] = ['PENDING', 'INVOKED'];
const PERHAPS_DONE: readonly (StepStatus | undefined)[] = ['INVOKED', 'DONE', 'UNKNOWN', 'COMPENSATING'];

const statusOf = (state: SagaState, { name }: StepDefinition): StepStatus | undefined => state.steps[name]?.status;

const isBackwards = ({ status, pause }: SagaState): boolean => (pause?.during ?? status).startsWith('COMPENSAT');

const RULES: readonly Rule[] = [
  function onlyOneUnanswered({ before, turn }) {
    for (const { step, direction, again } of turn.sends) {
      const exchange = before?.steps[step]?.exchange;
      if (!again && exchange?.waitsFor === 'reply' && exchange.direction === direction)
        return `${step} got a new command while another was unanswered (rule 1)`;
    }
    return undefined;
  },

  function onlyTheAwaitedAnswerCounts({ before, event, turn }) {
    if (!('commandId' in event) || turn.ignored) return undefined;
    const exchange = before?.steps[event.step]?.exchange;
    const awaited = exchange?.waitsFor === 'reply' && exchange.commandId === event.commandId;
    return awaited ? undefined : `an answer to ${event.step} counted that was not awaited (rule 1)`;
  },

  function theAwaitedAnswerCounts({ definition, before, event, turn }) {
    if (!('commandId' in event) || before === undefined || hasEnded(before) || turn.ignored === undefined)
      return undefined;
    const exchange = before.steps[event.step]?.exchange;
    const step = stepNamed(definition, event.step);
    const service = (event.direction === 'action' ? step?.action : step?.compensation)?.command.service;
    const awaited =
      exchange?.waitsFor === 'reply' &&
      exchange.commandId === event.commandId &&
      exchange.direction === event.direction &&
      service === event.from;
    return awaited ? `the awaited answer to ${event.step} was ignored as ${turn.ignored} (rule 1)` : undefined;
  },

  function heldCommandsAreNotSent({ event, turn }) {
    if (event.kind === 'probed' || event.kind === 'retry') return undefined;
    const sent = turn.sends.find(({ command }) => event.held?.includes(command.type));
    return sent && `${sent.command.name} was sent although it is held (rule 9)`;
  },

  function probesAreNotCounted({ before, event, turn: { ignored, state } }) {
    if (event.kind !== 'probed' || ignored) return undefined;
    const [was, is] = [before?.steps[event.step]?.exchange, state.steps[event.step]?.exchange];
    if (state.status === 'PAUSED') return undefined;
    if (was?.waitsFor === 'reply')
      return is?.sends === was.sends && is.attempt === was.attempt
        ? undefined
        : `a probe of ${event.step} was counted (rule 9)`;
    return is?.attempt === (was?.attempt ?? 0) + 1 ? undefined : `a probe of ${event.step} was counted (rule 9)`;
  },

  function heldStepsAreNotGivenUp({ definition, before, event, turn: { state } }) {
    if (before === undefined || before.cause || (event.kind !== 'failed' && event.kind !== 'time-passed'))
      return undefined;
    const { step } = state.cause ?? {};
    const type = step === undefined ? undefined : stepNamed(definition, step)?.action?.command.type;
    if (type === undefined || !event.held?.includes(type)) return undefined;
    return `${step} was given up although it is held (rule 9)`;
  },

  function holdsEnd({ event, turn: { ignored, state } }) {
    const forgotten = Object.entries(state.steps).find(
      ([, { held }]) =>
        held && (hasEnded(state) || (event.kind === 'released' && !ignored && event.held === undefined)),
    );
    return forgotten && `${forgotten[0]} is still held, and nothing holds it (rule 9)`;
  },

  function whatIsIgnoredChangesNothing({ before, turn }) {
    if (!turn.ignored || (turn.state === before && turn.sends.length === 0)) return undefined;
    return `an event was ignored as ${turn.ignored}, and changed something (rule 2)`;
  },

  function stagesSettleAsAWhole({ definition: { stages }, turn: { state } }) {
    const back = isBackwards(state);
    for (const [index, stage] of stages.entries()) {
      for (const step of stepsOfStage(stage, state.groups)) {
        const status = statusOf(state, step);
        if (index < state.stage && status !== 'DONE' && status !== 'SKIPPED')
          return `the stage of ${step.name} was left while it was ${status} (rule 3)`;
        if (back && index > state.stage && step.compensation && !LEFT_NOTHING.includes(status))
          return `the stage of ${step.name} was undone, and it is ${status} (rule 3)`;
        if (back && index === state.stage && UNSETTLED.includes(status))
          return `the stage of ${step.name} is undone while it is ${status} (rule 3)`;
      }
    }
    return undefined;
  },

  function onlyWhatMayHaveHappenedIsTakenBack({ before, turn }) {
    for (const { step, direction } of turn.sends) {
      if (direction === 'action') continue;
      const was = before?.steps[step]?.status ?? 'DONE';
      if (!PERHAPS_DONE.includes(was) || turn.state.steps[step]?.status !== 'COMPENSATING')
        return `${step} was compensated although it was ${was} (rule 4)`;
    }
    return undefined;
  },

  function aCallIsNoProofOfNothing({ event, turn }) {
    if (event.kind !== 'failed' || turn.ignored || !event.objection.unfinished) return undefined;
    const failed = turn.state.steps[event.step]?.status === 'FAILED';
    return failed ? `${event.step} is FAILED although a third party had acted for it (rule 4)` : undefined;
  },

  function whatIsForgottenIsNotGuessed({ event, turn }) {
    if (event.kind !== 'failed' || turn.ignored || event.direction === 'action') return undefined;
    if (event.objection.reason !== ACTION_FORGOTTEN || turn.state.status === 'PAUSED') return undefined;
    return `it is ${turn.state.status} although what became of ${event.step} is forgotten (rule 4)`;
  },

  function doomedSagasBeginNothing({ before, turn }) {
    if (before?.cause === undefined) return undefined;
    const begun = turn.sends.find(({ direction, again }) => direction === 'action' && !again);
    return begun && `${begun.step} was attempted although the saga is taken back (rule 4)`;
  },

  function endedSagasStayEnded({ before, event, turn }) {
    if (before === undefined || !hasEnded(before) || (turn.ignored && turn.state === before)) return undefined;
    if (before.status === 'COMPLETED' && event.kind === 'undo') return undefined;
    return `it was ${before.status}, and went on (rule 5)`;
  },

  function endsAreWhole({ definition, turn: { state } }) {
    if (!hasEnded(state)) return undefined;
    const wrong = Object.entries(state.steps).find(([name, { status }]) => {
      if (state.status === 'COMPLETED') return status !== 'DONE' && status !== 'SKIPPED';
      return stepNamed(definition, name)?.compensation && !LEFT_NOTHING.includes(status);
    });
    return wrong && `it is ${state.status} while ${wrong[0]} is ${wrong[1].status} (rule 5)`;
  },

  function liveSagasWakeUp({ turn: { state } }) {
    const live = state.status === 'RUNNING' || state.status === 'COMPENSATING';
    if (live === (state.wakeAt !== undefined)) return undefined;
    return live ? `it is ${state.status} and nothing will wake it (rule 6)` : `it is ${state.status} and would wake up`;
  },

  function nothingIsTakenBackPastThePivot({ definition: { stages }, turn: { state } }) {
    if (!isBackwards(state) && state.cause === undefined) return undefined;
    for (const { steps } of stages)
      for (const step of steps)
        if (step.kind === 'pivot' && statusOf(state, step) === 'DONE')
          return `it is taken back although the pivot ${step.name} is DONE (rule 7)`;
    return undefined;
  },
];
