import type { CommandContract, Direction } from '../contract';
import type { SagaDefinition, StepDefinition, StepKind } from '../definition';

/** A step that sends a command. */
export interface Use {
  readonly saga: string;
  readonly version: number;
  /** The number of the step's stage, from 1; lower stages have run before it. */
  readonly stage: number;
  readonly step: string;
  readonly kind: StepKind;
  readonly direction: Direction;
  /** For a compensation: the type of the command that it compensates, unless the starting service acted itself. */
  readonly undoes?: string;
}

/** Returns where sagas of these definitions send the command. */
export function usesOf({ type }: CommandContract, definitions: readonly SagaDefinition[]): readonly Use[] {
  return definitions.flatMap((definition) =>
    stepsWithStage(definition).flatMap(({ stage, name: step, kind, action, compensation }) => {
      const use = { saga: definition.name, version: definition.version, stage, step, kind };
      return [
        ...(action?.command.type === type ? [{ ...use, direction: 'action' as const }] : []),
        ...(compensation?.command.type === type
          ? [{ ...use, direction: 'compensation' as const, ...(action ? { undoes: action.command.type } : {}) }]
          : []),
      ];
    }),
  );
}

function stepsWithStage({ stages }: SagaDefinition): readonly (StepDefinition & { readonly stage: number })[] {
  return stages.flatMap(({ steps }, index) => steps.map((step) => ({ ...step, stage: index + 1 })));
}
