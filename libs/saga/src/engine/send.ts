/*
 * Sends the commands of steps, unless they are held. A hold keeps commands from a participant that is away. Each event
 * says which commands are held, so that folding the history gives the same state. While a step is held, its attempts
 * and its sends are not counted; a reply still counts.
 */
import { canonicalData, type CommandContract, commandId, type Direction, problemOf } from '../contract';
import type { StepDefinition } from '../definition';
import {
  change,
  changeStep,
  commandSpecOf,
  type Draft,
  evaluate,
  giveUp,
  willCompensate,
  mustSucceed,
  pause,
  scopeOf,
  stepState,
} from './draft';
import type { Invocation, StepState } from './state';

/** How often a held saga checks whether its hold has ended, in case no release reaches it. */
export const HOLD_CHECK_MS = 300_000;

/** True when this command or this step is held. */
export function isHeld({ held }: Draft, { name, branch }: StepDefinition, { type }: CommandContract): boolean {
  return held.size > 0 && (held.has(type) || held.has(branch?.of.name ?? name));
}

/** Makes the step wait until the hold ends. */
export function hold(draft: Draft, step: StepDefinition): void {
  const since = stepState(draft, step).held?.since ?? draft.now;
  changeStep(draft, step, { held: { since, checkAt: draft.now + HOLD_CHECK_MS } });
}

/** True when the hold that the step waits for has ended. */
export function isReleased(draft: Draft, step: StepDefinition): boolean {
  if (stepState(draft, step).held === undefined) return false;
  return !isHeld(draft, step, commandSpecOf(step, heldDirection(stepState(draft, step))).command);
}

/** The next command of a held step, which may be its first. */
function heldDirection({ exchange, status }: StepState): Direction {
  return exchange?.direction ?? (status === 'PENDING' ? 'action' : 'compensation');
}

/** The command that a held step will send. */
export function heldCommand({ action, compensation }: StepDefinition, state: StepState): CommandContract | undefined {
  return (heldDirection(state) === 'action' ? action : compensation)?.command;
}

/** Sends a step's command under a new id, unless it is held. */
export function attempt(
  draft: Draft,
  step: StepDefinition,
  direction: Direction,
  attemptNumber: number,
  triesLeft?: number,
): void {
  if (isHeld(draft, step, commandSpecOf(step, direction).command)) return hold(draft, step);
  send(draft, step, { direction, commandId: nextCommandId(draft), attempt: attemptNumber, sends: 1, triesLeft });
}

/** Sends a step's command under a new id after a failed attempt, unless the stage will be compensated. */
export function attemptNext(
  draft: Draft,
  step: StepDefinition,
  { direction, attempt: last, triesLeft }: Invocation,
): void {
  if (willCompensate(draft) && !mustSucceed(step, direction)) giveUp(draft, step, 'FAILED');
  else attempt(draft, step, direction, last + 1, oneLess(triesLeft));
}

/** Re-sends the same command under the same id, unless it is held. */
export function sendAgain(draft: Draft, step: StepDefinition): void {
  const { exchange } = stepState(draft, step);
  if (exchange === undefined) return;
  if (isHeld(draft, step, commandSpecOf(step, exchange.direction).command)) hold(draft, step);
  else send(draft, step, { ...exchange, sends: exchange.sends + 1, triesLeft: oneLess(exchange.triesLeft) });
}

function oneLess(tries: number | undefined): number | undefined {
  return tries === undefined ? undefined : Math.max(0, tries - 1);
}

/**
 * Sends a command that was held. Its sends are counted from the beginning; a step that has not begun begins with its
 * stage.
 */
export function sendHeld(draft: Draft, step: StepDefinition): void {
  const { exchange } = stepState(draft, step);
  changeStep(draft, step, { held: undefined });
  if (exchange?.waitsFor === 'reply') send(draft, step, { ...exchange, sends: 1 });
  else if (exchange) attemptNext(draft, step, exchange);
}

/** Sends the command of a held step as a probe. The step stays held, and nothing is counted. */
export function probe(draft: Draft, step: StepDefinition): void {
  const { exchange, held } = stepState(draft, step);
  if (exchange?.waitsFor === 'reply') send(draft, step, { ...exchange, isProbe: true });
  else {
    const direction = heldDirection(stepState(draft, step));
    const attemptNumber = (exchange?.attempt ?? 0) + 1;
    const { triesLeft } = exchange ?? {};
    const commandId = nextCommandId(draft);
    send(draft, step, { direction, commandId, attempt: attemptNumber, sends: 1, triesLeft, isProbe: true });
  }
  changeStep(draft, step, { held });
  hold(draft, step);
}

function nextCommandId(draft: Draft): string {
  const n = draft.state.commands + 1;
  change(draft, { commands: n });
  return commandId(draft.state, n, draft.now);
}

interface Sending extends Pick<Invocation, 'direction' | 'commandId' | 'attempt' | 'sends' | 'triesLeft'> {
  readonly isProbe?: boolean;
}

function send(
  draft: Draft,
  step: StepDefinition,
  { direction, commandId: id, attempt: attemptNumber, sends, triesLeft, isProbe = false }: Sending,
): void {
  const { command, timeoutMs } = commandSpecOf(step, direction);
  const payload = payloadFor(draft, step, direction);
  if (payload === undefined) return;
  const { actionId, exchange } = stepState(draft, step);
  const undoes = direction === 'compensation' ? actionId : undefined;
  draft.sends.push({
    commandId: id,
    step: step.name,
    direction,
    attempt: attemptNumber,
    again: exchange?.commandId === id,
    ...(isLast(step, { direction, triesLeft }, attemptNumber) && !isProbe ? { last: true } : {}),
    ...(undoes ? { undoes } : {}),
    command,
    payload,
    ...(step.child ? { child: step.child } : {}),
  });
  changeStep(draft, step, {
    status: direction === 'action' ? 'INVOKED' : 'COMPENSATING',
    ...(direction === 'action' ? { actionId: id } : {}),
    held: undefined,
    exchange: {
      direction,
      commandId: id,
      attempt: attemptNumber,
      sends,
      ...(triesLeft === undefined ? {} : { triesLeft }),
      waitsFor: 'reply',
      wakeAt: draft.now + timeoutMs,
    },
  });
}

/** True when a failure of this attempt, or a missing answer to this send, would fail the step or pause the saga. */
export function isLast(
  step: StepDefinition,
  { direction, triesLeft }: Pick<Invocation, 'direction' | 'triesLeft'>,
  tries: number,
): boolean {
  if (triesLeft !== undefined) return triesLeft === 0;
  const { attempts, attentionAfter } = commandSpecOf(step, direction);
  return mustSucceed(step, direction) ? tries % attentionAfter === 0 : tries >= attempts;
}

/**
 * Computes the payload. Pauses the saga and returns undefined when the mapper throws; the saga can be resumed once it
 * is corrected.
 */
function payloadFor(draft: Draft, step: StepDefinition, direction: Direction): object | undefined {
  const { command, payload } = commandSpecOf(step, direction);
  const what = `The payload mapper of ${command.name}`;
  const evaluated = evaluate(draft, step, { what, reason: 'invalid-payload' }, () =>
    (payload as (scope: unknown) => object)(scopeOf(draft, step, direction)),
  );
  if (evaluated === undefined) return undefined;
  const made = canonicalData(command.payload, evaluated.value);
  const problem = problemOf(command.payload, made);
  if (problem === undefined) return made;
  pause(draft, 'invalid-payload', `The payload of ${command.name} is not valid: ${problem}.`, step);
  return undefined;
}
