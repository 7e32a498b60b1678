import { commandId, violations, type Direction } from '../contract';
import type { StepDefinition } from '../definition';
import { change, changeStep, giveUp, invocationOf, isDoomed, mustSucceed, pause, stepState, type Draft } from './draft';
import type { Exchange } from './state';

/** Sends a step's command under a new id. */
export function attempt(draft: Draft, step: StepDefinition, direction: Direction, attemptNumber: number): void {
  const n = draft.state.commands + 1;
  change(draft, { commands: n });
  send(draft, step, direction, commandId(draft.state.id, n, draft.now), attemptNumber, 1);
}

/** Sends a step's command under a new id after an attempt that failed; in a doomed stage none is owed. */
export function attemptNext(draft: Draft, step: StepDefinition, { direction, attempt: last }: Exchange): void {
  if (isDoomed(draft) && !mustSucceed(step, direction)) giveUp(draft, step, 'FAILED');
  else attempt(draft, step, direction, last + 1);
}

/** Sends the same command again, under the same id. */
export function sendAgain(draft: Draft, step: StepDefinition): void {
  const { exchange } = stepState(draft, step);
  if (exchange) send(draft, step, exchange.direction, exchange.commandId, exchange.attempt, exchange.sends + 1);
}

function send(
  draft: Draft,
  step: StepDefinition,
  direction: Direction,
  id: string,
  attemptNumber: number,
  sends: number,
): void {
  const { command, timeoutMs } = invocationOf(step, direction);
  const payload = payloadFor(draft, step, direction);
  if (payload === undefined) return;
  const { actionId } = stepState(draft, step);
  const undoes = direction === 'compensation' ? actionId : undefined;
  draft.sends.push({
    commandId: id,
    step: step.name,
    direction,
    attempt: attemptNumber,
    again: sends > 1,
    ...(undoes ? { undoes } : {}),
    command,
    payload,
  });
  changeStep(draft, step, {
    status: direction === 'action' ? 'INVOKED' : 'UNDOING',
    ...(direction === 'action' ? { actionId: id } : {}),
    exchange: {
      direction,
      commandId: id,
      attempt: attemptNumber,
      sends,
      waitsFor: 'reply',
      wakeAt: draft.now + timeoutMs,
    },
  });
}

/** The payload, or undefined after pausing the saga: a mapper that throws harms this saga alone, and can be mended. */
function payloadFor(draft: Draft, step: StepDefinition, direction: Direction): object | undefined {
  const { command, payload } = invocationOf(step, direction);
  try {
    const value = (payload as (scope: unknown) => object)(scopeOf(draft, step, direction));
    const wrong = violations(command.payload, value);
    if (wrong.length === 0) return value;
    const detail = wrong.map(({ field, problem }) => `${field} ${problem}`).join('; ');
    pause(draft, 'invalid-payload', `The payload of ${command.name} is not valid: ${detail}.`, step);
  } catch (error) {
    pause(draft, 'invalid-payload', `The payload mapper of ${command.name} threw: ${String(error)}.`, step);
  }
  return undefined;
}

/** The input and the replies of the stages before the step's own, so that a re-send maps to the same payload. */
function scopeOf({ definition, state }: Draft, step: StepDefinition, direction: Direction): Record<string, unknown> {
  const scope: Record<string, unknown> = { input: state.input };
  for (const { steps } of definition.stages) {
    if (steps.includes(step)) break;
    for (const { name } of steps) scope[name] = state.steps[name]?.reply;
  }
  if (direction === 'compensation') {
    scope['reply'] = state.steps[step.name]?.reply;
    scope['cause'] = state.cause;
  }
  return scope;
}
