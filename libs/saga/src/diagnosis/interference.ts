/*
 * What is hooked in and does something to a saga's commands, such as faults on demand. It is the cause of what it imitates, so
 * it is named first.
 */
import { stepNamed, type SagaDefinition } from '../definition';
import type { SagaState } from '../engine';
import type { ExposedCommand } from '../messaging';
import { INTERFERED, type DiagnosisCode } from './diagnosis';
import type { Finding } from './finding';
import type { Situation } from './situation';

/** What is found when nothing is wrong; what would happen to the command says more. */
const HARMLESS: ReadonlySet<DiagnosisCode> = new Set(['waiting-for-reply', 'backing-off']);

/** Returns the commands that the saga's steps have sent, or will send next. */
export function exposedCommands(definition: SagaDefinition, state: SagaState): readonly ExposedCommand[] {
  const { id: sagaId, subject, carried } = state;
  return Object.entries(state.steps).flatMap(([name, { exchange }]) => {
    const command = exchange && stepNamed(definition, name)?.[exchange.direction]?.command;
    if (exchange === undefined || command === undefined) return [];
    const { commandId: messageId, direction, waitsFor } = exchange;
    const attempt = exchange.attempt + (waitsFor === 'next-attempt' ? 1 : 0);
    const { name: ofCommand, service } = command;
    return [{ messageId, sagaId, subject, carried, command: ofCommand, service, direction, attempt }];
  });
}

/** Returns the finding that names the interference, where there is one that explains what was found. */
export function explained({ interferences }: Situation, commandId: string, found: Finding): Finding {
  const [interference] = interferences?.get(commandId) ?? [];
  if (interference === undefined) return found;
  const { what, remedy, hasHappened } = interference;
  if (!hasHappened && !HARMLESS.has(found.code)) return { ...found, because: [...found.because, what] };
  return { ...found, code: INTERFERED, summary: what, because: [remedy, found.summary, ...found.because] };
}

/** What has happened to commands of a paused saga. */
export function interferencesText({ definition, state, interferences }: Situation): string[] {
  if (interferences === undefined || definition === undefined) return [];
  return exposedCommands(definition, state).flatMap(({ messageId }) =>
    (interferences.get(messageId) ?? []).map(({ what }) => what),
  );
}
