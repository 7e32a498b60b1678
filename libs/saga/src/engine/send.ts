import { canonicalData, commandId, problemOf, type Direction } from '../contract';
import type { StepDefinition } from '../definition';
import { change, changeStep, giveUp, invocationOf, isDoomed, mustSucceed, pause, stepState, type Draft } from './draft';
import { ask, scopeOf } from './scope';
import type { Exchange } from './state';

/** Sends a step's command under a new id. */
export function attempt(draft: Draft, step: StepDefinition, direction: Direction, attemptNumber: number): void {
  const n = draft.state.commands + 1;
  change(draft, { commands: n });
  send(draft, step, direction, commandId(draft.state, n, draft.now), attemptNumber, 1);
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
    ...(isLast(step, direction, attemptNumber) ? { last: true } : {}),
    ...(undoes ? { undoes } : {}),
    command,
    payload,
    ...(step.child ? { child: step.child } : {}),
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

function isLast(step: StepDefinition, direction: Direction, attemptNumber: number): boolean {
  const { attempts, attentionAfter } = invocationOf(step, direction);
  return mustSucceed(step, direction) ? attemptNumber % attentionAfter === 0 : attemptNumber >= attempts;
}

/** The payload, or undefined after pausing the saga: a mapper that throws harms this saga alone, and can be mended. */
function payloadFor(draft: Draft, step: StepDefinition, direction: Direction): object | undefined {
  const { command, payload } = invocationOf(step, direction);
  const what = `The payload mapper of ${command.name}`;
  const asked = ask(draft, step, { what, reason: 'invalid-payload' }, () =>
    (payload as (scope: unknown) => object)(scopeOf(draft, step, direction)),
  );
  if (asked === undefined) return undefined;
  const made = canonicalData(command.payload, asked.answer);
  const problem = problemOf(command.payload, made);
  if (problem === undefined) return made;
  pause(draft, 'invalid-payload', `The payload of ${command.name} is not valid: ${problem}.`, step);
  return undefined;
}
