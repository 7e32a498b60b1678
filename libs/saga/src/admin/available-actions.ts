import type { DefinitionRegistry } from '../definition';
import type { OperatorEvent } from '../engine';
import { decisionOn } from '../orchestrator/decision';
import type { StoredHistory } from './saga-reader';

export const ACTIONS = ['pause', 'resume', 'retry', 'cancel'] as const satisfies readonly OperatorEvent['kind'][];

export type Action = (typeof ACTIONS)[number];

/** What an operator can do to this saga now: what would take effect, asked in the way in which it is done. */
export function availableActions(
  registry: DefinitionRegistry,
  { state, revision }: Pick<StoredHistory, 'state' | 'revision'>,
  now: number,
): Action[] {
  const saga = { state, revision, armedAt: undefined };
  const takesEffect = (kind: Action): boolean =>
    decisionOn(registry, saga, { kind, by: '', reason: '' }, now).kind === 'effective';
  return ACTIONS.filter(takesEffect);
}
