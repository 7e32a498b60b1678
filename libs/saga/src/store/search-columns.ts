/* What is stored beside a saga's state so that lists can be filtered by it. */
import { stepNamed, type SagaDefinition } from '../definition';
import { hasEnded, standingSteps, type CauseKind, type SagaState } from '../engine';

export interface SearchColumns {
  /** The steps at which the saga stands, without the indexes of branches. They change often, so no index has them. */
  readonly steps: readonly string[];
  /** The services of these steps' commands. */
  readonly services: readonly string[];
  /** Why the saga is, or was, compensated. This and the next two change only with the status. */
  readonly cause: CauseKind | undefined;
  readonly causeStep: string | undefined;
  readonly causeService: string | undefined;
}

export function searchColumnsOf(definition: SagaDefinition | undefined, state: SagaState): SearchColumns {
  const standing = standingSteps(state);
  const services = standing.flatMap((name) => serviceOf(definition, state, name) ?? []);
  // A child that was compensated before it began has no cause.
  const cause = state.cause?.kind ?? (state.status === 'COMPENSATED' ? 'parent' : undefined);
  const step = state.cause?.step;
  return {
    steps: hasEnded(state) ? [] : [...new Set(standing.map(withoutIndex))],
    services: hasEnded(state) ? [] : [...new Set(services)],
    cause,
    causeStep: step === undefined ? undefined : withoutIndex(step),
    causeService: step === undefined || definition === undefined ? undefined : actionServiceOf(definition, step),
  };
}

function serviceOf(definition: SagaDefinition | undefined, { steps }: SagaState, name: string): string | undefined {
  const step = definition && stepNamed(definition, name);
  const at = steps[name];
  const direction = at?.exchange?.direction ?? (at?.status === 'COMPENSATING' ? 'compensation' : 'action');
  return step?.[direction]?.command.service;
}

function actionServiceOf(definition: SagaDefinition, name: string): string | undefined {
  return stepNamed(definition, name)?.action?.command.service;
}

function withoutIndex(step: string): string {
  return step.replace(/\[\d+\]$/, '');
}
