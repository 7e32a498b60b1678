import type { CommandContract, Direction } from '../contract';
import { stepsOf, type SagaDefinition, type StepKind } from '../definition';

/** Where a saga sends a command. */
export interface Use {
  readonly saga: string;
  readonly version: number;
  readonly step: string;
  readonly kind: StepKind;
  readonly direction: Direction;
  /** Of a compensation: the type of the command that it takes back, unless the starting service acted itself. */
  readonly undoes?: string;
}

/** Where these sagas send the command. */
export function usesOf({ type }: CommandContract, definitions: readonly SagaDefinition[]): readonly Use[] {
  return definitions.flatMap((definition) =>
    stepsOf(definition).flatMap(({ name: step, kind, action, compensation }) => {
      const use = { saga: definition.name, version: definition.version, step, kind };
      return [
        ...(action?.command.type === type ? [{ ...use, direction: 'action' as const }] : []),
        ...(compensation?.command.type === type
          ? [{ ...use, direction: 'compensation' as const, ...(action ? { undoes: action.command.type } : {}) }]
          : []),
      ];
    }),
  );
}
