/* Each step that waits for a hold to end has a row in held_step, by which it is found when the hold ends. */
import { stepNamed, type DefinitionRegistry } from '../definition';
import { heldCommand, type HistoryEntry, type SagaState } from '../engine';

/** A step of a saga that waits for a hold to end. */
export interface HeldStep {
  readonly sagaId: string;
  readonly step: string;
  readonly definition: string;
  readonly version: number;
  /** The type of the command that waits. */
  readonly command: string;
  readonly since: number;
}

/** The changes to held_step that are saved with a saga. */
export interface HeldStepChanges {
  /** Steps that wait for a hold from now on, and released steps whose commands are not answered yet. */
  readonly kept: readonly (HeldStep & { readonly released: boolean })[];
  /** Steps that no longer wait. */
  readonly gone: readonly Pick<HeldStep, 'sagaId' | 'step'>[];
}

export const NO_CHANGES: HeldStepChanges = { kept: [], gone: [] };

/**
 * Returns the changes to a saga's rows in held_step that follow from these entries of its history.
 *
 * @param releasing whether some released steps, of any saga, have no answer yet; only then can an answer concern one of them
 */
export function heldStepChanges(
  registry: DefinitionRegistry,
  before: SagaState | undefined,
  after: SagaState,
  history: readonly HistoryEntry[],
  releasing: boolean,
): HeldStepChanges {
  const kept: HeldStepChanges['kept'][number][] = [];
  const gone: HeldStepChanges['gone'][number][] = [];
  for (const [step, { held, exchange }] of Object.entries(after.steps)) {
    const was = before?.steps[step];
    if (held) {
      if (held.checkAt !== was?.held?.checkAt) kept.push(...rowOf(registry, after, step, held.since, false));
      continue;
    }
    const isAwaited = exchange?.waitsFor === 'reply';
    // The row of a released step stays until its command is answered.
    if (was?.held && isAwaited && history.some(({ event }) => event.kind === 'released'))
      kept.push(...rowOf(registry, after, step, was.held.since, true));
    else if (was?.held || (releasing && was?.exchange && !isAwaited)) gone.push({ sagaId: after.id, step });
  }
  return kept.length + gone.length === 0 ? NO_CHANGES : { kept, gone };
}

function rowOf(
  registry: DefinitionRegistry,
  { definition: name, version, id: sagaId, steps }: SagaState,
  step: string,
  since: number,
  released: boolean,
): HeldStepChanges['kept'] {
  const definition = registry.find(name, version);
  const defined = definition && stepNamed(definition, step);
  const state = steps[step];
  const command = defined && state && heldCommand(defined, state);
  if (command === undefined) return [];
  return [{ sagaId, step, definition: name, version, command: command.type, since, released }];
}
