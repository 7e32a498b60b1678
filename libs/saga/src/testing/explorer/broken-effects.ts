import { stepNamed, type SagaDefinition } from '../../definition';
import type { Direction } from '../../contract';
import type { SagaState } from '../../engine';
import type { Message, Scene } from './scene';

interface Counts {
  readonly done: number;
  readonly undone: number;
}

/**
 * Checks that an effect happens at most once: exactly once when the saga is COMPLETED, compensated when it is
 * COMPENSATED.
 */
export function brokenEffects(definition: SagaDefinition, { saga, messages }: Scene): string | undefined {
  const twice = messages.find(({ effects }) => effects > 1);
  if (twice) return `${twice.command.command.name} took effect ${twice.effects} times`;
  for (const name of Object.keys(saga.steps)) {
    const broken = brokenBy(definition, saga, name, countsOf(messages, name));
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** True when the check may fail after some of the commands in flight take effect. */
export function mayBreakEffects(definition: SagaDefinition, { saga, messages }: Scene): boolean {
  const pending = messages.filter(({ row }) => row === undefined);
  return pending.some(({ command: { step } }) => {
    const own = messages.filter(({ command }) => command.step === step);
    return possibleCounts(own, countsOf(own, step)).some(
      (counts) => brokenBy(definition, saga, step, counts) !== undefined,
    );
  });
}

function brokenBy(
  definition: SagaDefinition,
  saga: SagaState,
  name: string,
  { done: acted, undone }: Counts,
): string | undefined {
  const kind = stepNamed(definition, name)?.kind;
  if (kind === 'wait') return undefined;
  const status = saga.steps[name]?.status;
  const done = kind === 'compensation' ? 1 : acted;
  if (done > 1) return `the action of ${name} took effect ${done} times`;
  if (undone > done) return `${name} was compensated more often than it was done`;
  if (saga.status === 'COMPENSATED' && done !== undone && status !== 'COMPENSATION_SKIPPED')
    return `it is COMPENSATED, and ${name} was not compensated`;
  if (saga.status === 'COMPLETED' && (done !== (status === 'SKIPPED' ? 0 : 1) || undone !== 0))
    return `it is COMPLETED, and ${name} was done ${done} times and compensated ${undone} times`;
  return undefined;
}

/** Returns the counts that are possible once the commands of one step in flight are handled, in any order. */
function possibleCounts(messages: readonly Message[], counts: Counts): readonly Counts[] {
  return messages.flatMap((message) => {
    if (message.row !== undefined) return [];
    const { undoes, commandId: id, direction } = message.command;
    const undone = messages.find(({ command }) => command.commandId === undoes);
    if (undoes !== undefined && undone?.row?.outcome !== 'success') return [];
    const next: Counts =
      direction === 'action' ? { ...counts, done: counts.done + 1 } : { ...counts, undone: counts.undone + 1 };
    const row = { id, outcome: 'success', reply: null, digest: null } as const;
    const handled = messages.map((each) => (each === message ? { ...each, row } : each));
    return [next, ...possibleCounts(handled, next)];
  });
}

function countsOf(messages: readonly Message[], name: string): Counts {
  return { done: effectsOf(messages, name, 'action'), undone: effectsOf(messages, name, 'compensation') };
}

function effectsOf(messages: readonly Message[], name: string, way: Direction): number {
  let effects = 0;
  for (const message of messages)
    if (message.command.step === name && message.command.direction === way) effects += message.effects;
  return effects;
}
