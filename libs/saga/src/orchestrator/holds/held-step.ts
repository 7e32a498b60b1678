/* The steps that wait for a hold to end have rows of their own, by which they are found when it does. */
import { stepNamed, type DefinitionRegistry } from '../../definition';
import { heldCommand, type HistoryEntry, type SagaState } from '../../engine';

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

/** What is saved with a saga of its steps that wait. */
export interface HeldStepChanges {
  /** Those that wait from now on, and those that were released and wait for their answer. */
  readonly kept: readonly (HeldStep & { readonly released: boolean })[];
  /** Those that wait no more. */
  readonly gone: readonly Pick<HeldStep, 'sagaId' | 'step'>[];
}

export const NO_CHANGES: HeldStepChanges = { kept: [], gone: [] };

/**
 * What becomes of a saga's waiting steps by these entries of its history.
 *
 * @param releasing whether steps were released that nobody has answered yet: then what has an answer now may be one of them
 */
export function heldStepChanges(
  registry: DefinitionRegistry,
  before: SagaState | undefined,
  after: SagaState,
  history: readonly HistoryEntry[],
  releasing: boolean,
): HeldStepChanges {
  let changes: { kept: HeldStepChanges['kept'][number][]; gone: HeldStepChanges['gone'][number][] } | undefined;
  for (const [step, { held, exchange }] of Object.entries(after.steps)) {
    const was = before?.steps[step];
    const isReleased = (): boolean =>
      was?.held !== undefined &&
      exchange?.waitsFor === 'reply' &&
      history.some(({ event }) => event.kind === 'released');
    if (held ? held.checkAt === was?.held?.checkAt : !was?.held && !(releasing && was?.exchange)) continue;
    changes ??= { kept: [], gone: [] };
    if (held) changes.kept.push(...rowOf(registry, after, step, held.since, false));
    // What was released is kept in mind until it is answered.
    else if (isReleased()) changes.kept.push(...rowOf(registry, after, step, was?.held?.since ?? 0, true));
    else if (was?.held || exchange?.waitsFor !== 'reply') changes.gone.push({ sagaId: after.id, step });
  }
  return changes ?? NO_CHANGES;
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
