/*
 * A hold keeps commands from a participant that is away. Which commands are held comes with each event, so that folding the
 * history gives the same state. While a step is held its attempts and its sends are not counted; a reply still counts.
 */
import type { CommandContract, Direction } from '../contract';
import type { StepDefinition } from '../definition';
import { changeStep, commandSpecOf, stepState, type Draft } from './draft';
import type { StepState } from './state';

/** How often a held saga checks by itself whether its hold has ended, in case no release reaches it. */
export const HOLD_CHECK_MS = 300_000;

/** Whether this command is held, or this step. */
export function isHeld({ held }: Draft, { name, branch }: StepDefinition, { type }: CommandContract): boolean {
  return held.size > 0 && (held.has(type) || held.has(branch?.of.name ?? name));
}

/** Lets the step wait until the hold ends. */
export function hold(draft: Draft, step: StepDefinition): void {
  const since = stepState(draft, step).held?.since ?? draft.now;
  changeStep(draft, step, { held: { since, checkAt: draft.now + HOLD_CHECK_MS } });
}

/** True when the hold for which the step waited has ended. */
export function isReleased(draft: Draft, step: StepDefinition): boolean {
  if (stepState(draft, step).held === undefined) return false;
  return !isHeld(draft, step, commandSpecOf(step, heldDirection(stepState(draft, step))).command);
}

/** Of the command that a held step will send, which may be its first. */
export function heldDirection({ exchange, status }: StepState): Direction {
  return exchange?.direction ?? (status === 'PENDING' ? 'action' : 'compensation');
}

/** The command that a held step will send. */
export function heldCommand({ action, compensation }: StepDefinition, state: StepState): CommandContract | undefined {
  return (heldDirection(state) === 'action' ? action : compensation)?.command;
}
