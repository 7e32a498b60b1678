import { problemOf } from '../../contract';
import { stepNamed, type SagaDefinition, type StepDefinition } from '../../definition';
import { draftOf, scopeOf, type Cause, type SagaState } from '../../engine';
import type { Observations } from './observations';

type Compensated = StepDefinition & { readonly compensation: NonNullable<StepDefinition['compensation']> };

/**
 * Makes keys of the cause of a saga's compensation: only what it changes in the payloads of compensations that read it.
 */
export class CauseKeys {
  private readonly known = new WeakMap<Cause, Map<string, string>>();

  constructor(
    private readonly definition: SagaDefinition,
    private readonly observations: Observations,
    private readonly idOf: (value: unknown) => number,
  ) {}

  of(saga: SagaState): string {
    let key = 'cause';
    for (const [name, { status }] of Object.entries(saga.steps)) {
      if (IRRELEVANT.has(status)) continue;
      const step = stepNamed(this.definition, name);
      if (step && hasCompensation(step) && this.observations.readsCause(step)) key += ` ${this.payloadKey(step, saga)}`;
    }
    return key;
  }

  /** Besides the cause and the step's own reply, the scope has only replies that arrived before the cause. */
  private payloadKey(step: Compensated, saga: SagaState): string {
    const cause = saga.cause as Cause;
    const keys = this.known.get(cause) ?? new Map<string, string>();
    this.known.set(cause, keys);
    const name = `${step.name} ${this.idOf(saga.steps[step.name]?.reply)}`;
    const key = keys.get(name) ?? this.make(step, saga);
    keys.set(name, key);
    return key;
  }

  private make(step: Compensated, state: SagaState): string {
    const { command, payload } = step.compensation;
    const scope = scopeOf(draftOf(this.definition, state, {}, 0), step, 'compensation');
    try {
      const made = (payload as (scope: unknown) => unknown)(scope);
      if (this.observations.readsPayload(command)) return String(this.idOf(made));
      return problemOf(command.payload, made) === undefined ? 'valid' : 'invalid';
    } catch {
      return 'throws';
    }
  }
}

/** In these states a step's compensation is not sent any more. */
const IRRELEVANT: ReadonlySet<string> = new Set([
  'PENDING',
  'REFUSED',
  'FAILED',
  'SKIPPED',
  'COMPENSATED',
  'COMPENSATION_SKIPPED',
]);

function hasCompensation(step: StepDefinition): step is Compensated {
  return step.compensation !== undefined;
}
