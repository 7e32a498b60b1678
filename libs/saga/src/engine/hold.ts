/*
 * A hold keeps back commands to a participant that is away. Each event carries what is held, so that folding the
 * history returns the same state. While a step is held its attempts and sends are not counted; a reply still counts.
 */
import type { CommandContract, Direction } from '../contract';
import type { StepDefinition } from '../definition';
import { changeStep, commandSpecOf, stepState, type Draft } from './draft';
import type { StepState } from './state';

/** How often a held saga checks by itself whether its hold has ended, in case no release reaches it. */
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
export function heldDirection({ exchange, status }: StepState): Direction {
  return exchange?.direction ?? (status === 'PENDING' ? 'action' : 'compensation');
}

/** The command that a held step will send. */
export function heldCommand({ action, compensation }: StepDefinition, state: StepState): CommandContract | undefined {
  return (heldDirection(state) === 'action' ? action : compensation)?.command;
}
