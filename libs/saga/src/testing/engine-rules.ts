/*
 * The rules of transition.ts as checks of a single event and its result, for the explorer and the simulator. The
 * numbers are those of transition.ts; rule 8 is about whole histories, so it is not here.
 */
import { ACTION_FORGOTTEN } from '../contract';
import { stepNamed, stepsOfStage, type SagaDefinition, type StepDefinition } from '../definition';
import { hasEnded, type SagaEvent, type SagaState, type StepStatus, type TransitionResult } from '../engine';

/** An event and its result. */
export interface Observed {
  readonly definition: SagaDefinition;
  readonly before: SagaState | undefined;
  readonly event: SagaEvent;
  readonly applied: TransitionResult;
}

type Rule = (observed: Observed) => string | undefined;

/** Returns a sentence about the first rule that this event broke; undefined when all hold. */
export function brokenRule(observed: Observed): string | undefined {
  for (const rule of RULES) {
    const broken = rule(observed);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

const WITHOUT_EFFECT: readonly (StepStatus | undefined)[] = [
  'COMPENSATED',
  'REFUSED',
  'FAILED',
  'SKIPPED',
  'COMPENSATION_SKIPPED',
];
const UNSETTLED: readonly (StepStatus | undefined)[] = ['PENDING', 'INVOKED'];
const WITH_POSSIBLE_EFFECT: readonly (StepStatus | undefined)[] = ['INVOKED', 'DONE', 'UNKNOWN', 'COMPENSATING'];

const statusOf = (state: SagaState, { name }: StepDefinition): StepStatus | undefined => state.steps[name]?.status;

const isBackwards = ({ status, pause }: SagaState): boolean => (pause?.during ?? status).startsWith('COMPENSAT');

const RULES: readonly Rule[] = [
  function onlyOneUnanswered({ before, applied }) {
    for (const { step, direction, again } of applied.sends) {
      const exchange = before?.steps[step]?.exchange;
      if (!again && exchange?.waitsFor === 'reply' && exchange.direction === direction)
        return `${step} got a new command while another was unanswered (rule 1)`;
    }
    return undefined;
  },

  function onlyTheAwaitedAnswerCounts({ before, event, applied }) {
    if (!('commandId' in event) || applied.ignored) return undefined;
    const exchange = before?.steps[event.step]?.exchange;
    const awaited = exchange?.waitsFor === 'reply' && exchange.commandId === event.commandId;
    return awaited ? undefined : `an answer to ${event.step} was accepted that was not awaited (rule 1)`;
  },

  function theAwaitedAnswerCounts({ definition, before, event, applied }) {
    if (!('commandId' in event) || before === undefined || hasEnded(before) || applied.ignored === undefined)
      return undefined;
    const exchange = before.steps[event.step]?.exchange;
    const step = stepNamed(definition, event.step);
    const service = (event.direction === 'action' ? step?.action : step?.compensation)?.command.service;
    const awaited =
      exchange?.waitsFor === 'reply' &&
      exchange.commandId === event.commandId &&
      exchange.direction === event.direction &&
      service === event.from;
    return awaited ? `the awaited answer to ${event.step} was ignored as ${applied.ignored} (rule 1)` : undefined;
  },

  function heldCommandsAreNotSent({ event, applied }) {
    if (event.kind === 'probed' || event.kind === 'retry') return undefined;
    const sent = applied.sends.find(({ command }) => event.held?.includes(command.type));
    return sent && `${sent.command.name} was sent although it is held (rule 9)`;
  },

  function probesAreNotCounted({ before, event, applied: { ignored, state } }) {
    if (event.kind !== 'probed' || ignored) return undefined;
    const [was, is] = [before?.steps[event.step]?.exchange, state.steps[event.step]?.exchange];
    if (state.status === 'PAUSED') return undefined;
    if (was?.waitsFor === 'reply')
      return is?.sends === was.sends && is.attempt === was.attempt
        ? undefined
        : `a probe of ${event.step} was counted (rule 9)`;
    return is?.attempt === (was?.attempt ?? 0) + 1 ? undefined : `a probe of ${event.step} was counted (rule 9)`;
  },

  function heldStepsDoNotFail({ definition, before, event, applied: { state } }) {
    if (before === undefined || before.cause || (event.kind !== 'failed' && event.kind !== 'time-passed'))
      return undefined;
    const { step } = state.cause ?? {};
    const type = step === undefined ? undefined : stepNamed(definition, step)?.action?.command.type;
    if (type === undefined || !event.held?.includes(type)) return undefined;
    return `${step} failed although it is held (rule 9)`;
  },

  function holdsEnd({ event, applied: { ignored, state } }) {
    const forgotten = Object.entries(state.steps).find(
      ([, { held }]) =>
        held && (hasEnded(state) || (event.kind === 'released' && !ignored && event.held === undefined)),
    );
    return forgotten && `${forgotten[0]} is still held after the end of its hold (rule 9)`;
  },

  function ignoredEventsChangeNothing({ before, applied }) {
    if (!applied.ignored || (applied.state === before && applied.sends.length === 0)) return undefined;
    return `an event was ignored as ${applied.ignored}, and changed something (rule 2)`;
  },

  function stagesSettleAsAWhole({ definition: { stages }, applied: { state } }) {
    const back = isBackwards(state);
    for (const [index, stage] of stages.entries()) {
      for (const step of stepsOfStage(stage, state.groups)) {
        const status = statusOf(state, step);
        if (index < state.stage && status !== 'DONE' && status !== 'SKIPPED')
          return `the stage of ${step.name} was left while it was ${status} (rule 3)`;
        if (back && index > state.stage && step.compensation && !WITHOUT_EFFECT.includes(status))
          return `the stage of ${step.name} was compensated, and it is ${status} (rule 3)`;
        if (back && index === state.stage && UNSETTLED.includes(status))
          return `the stage of ${step.name} is being compensated while it is ${status} (rule 3)`;
      }
    }
    return undefined;
  },

  function onlyPossibleEffectsAreCompensated({ before, applied }) {
    for (const { step, direction } of applied.sends) {
      if (direction === 'action') continue;
      const was = before?.steps[step]?.status ?? 'DONE';
      if (!WITH_POSSIBLE_EFFECT.includes(was) || applied.state.steps[step]?.status !== 'COMPENSATING')
        return `${step} was compensated although it was ${was} (rule 4)`;
    }
    return undefined;
  },

  function unfinishedStepsAreNotFailed({ event, applied }) {
    if (event.kind !== 'failed' || applied.ignored || !event.objection.unfinished) return undefined;
    const failed = applied.state.steps[event.step]?.status === 'FAILED';
    return failed ? `${event.step} is FAILED although a third party had acted for it (rule 4)` : undefined;
  },

  function forgottenActionsPauseTheSaga({ event, applied }) {
    if (event.kind !== 'failed' || applied.ignored || event.direction === 'action') return undefined;
    if (event.objection.reason !== ACTION_FORGOTTEN || applied.state.status === 'PAUSED') return undefined;
    return `it is ${applied.state.status} although the participant has forgotten ${event.step} (rule 4)`;
  },

  function doomedSagasAttemptNoAction({ before, applied }) {
    if (before?.cause === undefined) return undefined;
    const begun = applied.sends.find(({ direction, again }) => direction === 'action' && !again);
    return begun && `${begun.step} was attempted although the saga compensates (rule 4)`;
  },

  function endedSagasStayEnded({ before, event, applied }) {
    if (before === undefined || !hasEnded(before) || (applied.ignored && applied.state === before)) return undefined;
    if (before.status === 'COMPLETED' && event.kind === 'undo') return undefined;
    return `it was ${before.status}, and continued (rule 5)`;
  },

  function endsAreWhole({ definition, applied: { state } }) {
    if (!hasEnded(state)) return undefined;
    const wrong = Object.entries(state.steps).find(([name, { status }]) => {
      if (state.status === 'COMPLETED') return status !== 'DONE' && status !== 'SKIPPED';
      return stepNamed(definition, name)?.compensation && !WITHOUT_EFFECT.includes(status);
    });
    return wrong && `it is ${state.status} while ${wrong[0]} is ${wrong[1].status} (rule 5)`;
  },

  function liveSagasWakeUp({ applied: { state } }) {
    const live = state.status === 'RUNNING' || state.status === 'COMPENSATING';
    if (live === (state.wakeAt !== undefined)) return undefined;
    return live ? `it is ${state.status} and has no wake-up (rule 6)` : `it is ${state.status} and would wake up`;
  },

  function nothingIsCompensatedAfterThePivot({ definition: { stages }, applied: { state } }) {
    if (!isBackwards(state) && state.cause === undefined) return undefined;
    for (const { steps } of stages)
      for (const step of steps)
        if (step.kind === 'pivot' && statusOf(state, step) === 'DONE')
          return `it compensates although the pivot ${step.name} is DONE (rule 7)`;
    return undefined;
  },
];
