/* Finds definitions whose sagas may wait for longer than participants remember their actions, and then compensate. */
import { durationOf } from '../contract';
import type { SagaDefinition, StageDefinition, StepDefinition } from './definition';

const DAY_MS = 86_400_000;

/** How long an inbox of so many days certainly remembers a command: a day less, because clocks differ. */
export function rememberedMs(inboxDays: number): number {
  return (inboxDays - 1) * DAY_MS;
}

/**
 * Returns a warning when sagas of this definition may wait for longer than participants remember their actions, and
 * then compensate; undefined when a deadline or a pivot prevents that.
 */
export function outlivesMemory(
  { name, version, deadlineMs, stages }: SagaDefinition,
  memoryMs: number,
): string | undefined {
  const first = stages.findIndex(({ steps }) => steps.some(isCompensable));
  const pivot = stages.findIndex(({ steps }) => steps.some(({ kind }) => kind === 'pivot' || kind === 'retriable'));
  if (first === -1) return undefined;
  const waited = stages
    .slice(first + 1, pivot === -1 ? undefined : pivot + 1)
    .reduce((ms, each) => ms + waitOf(each), 0);
  const most = Math.min(waited, deadlineMs ?? waited);
  if (most <= memoryMs) return undefined;
  const step = stages[first]?.steps.find(isCompensable) as StepDefinition;
  const service = step.action?.command.service;
  return (
    `${name} v${version} may wait for ${durationOf(most)} and then compensate its step ${step.name}, which ${service} may have ` +
    `forgotten after ${durationOf(memoryMs)}. Set inboxDays of all participants and participantInboxDays of the orchestrator to ` +
    `more, or give the saga a deadline.`
  );
}

function isCompensable({ action, compensation }: StepDefinition): boolean {
  return action !== undefined && compensation !== undefined;
}

/** How long a stage may wait even if every participant answers at once. */
function waitOf({ steps }: StageDefinition): number {
  return Math.max(0, ...steps.map(({ wait }) => wait?.timeoutMs ?? 0));
}
