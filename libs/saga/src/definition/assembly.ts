import { schemaOf, WiringError, type CommandContract } from '../contract';
import type { Branch, Invoke, RetryOptions, SagaOptions } from './step-options';
import { stepsOf, type Invocation, type SagaDefinition, type StageDefinition, type StepDefinition } from './definition';
import { milliseconds } from './duration';
import { exponential } from './retry-policy';

type AnyInvoke = Invoke<CommandContract, never>;
type AnyCompensatable = AnyInvoke & { compensation: AnyInvoke };
type Nameless = Omit<StepDefinition, 'name'>;

const NAME = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/** Collects the steps that the typed builder is told, and checks what the compiler cannot see. */
export class SagaAssembly<Input extends object> {
  private readonly stages: StageDefinition[] = [];
  private readonly branch = {
    compensatable: (step: AnyCompensatable): Nameless => compensatable(step),
    retriable: (step: AnyInvoke): Nameless => ({ kind: 'retriable', action: invocation(step) }),
  };

  constructor(private readonly options: SagaOptions<Input>) {}

  compensation(name: string, step: AnyInvoke): this {
    // It took place before the saga began: however early the saga turns back, it must be behind that point.
    if (this.stages.some(({ steps }) => steps.some(({ action }) => action)))
      throw new WiringError(`The compensation ${name} of ${this.options.name} must come before the steps that act.`);
    return this.stage([{ name, kind: 'compensation', compensation: invocation(step) }]);
  }

  compensatable(name: string, step: AnyCompensatable): this {
    return this.stage([{ name, ...compensatable(step) }]);
  }

  pivot(name: string, step: AnyInvoke): this {
    return this.stage([{ name, kind: 'pivot', action: invocation(step) }]);
  }

  retriable(name: string, step: AnyInvoke): this {
    return this.stage([{ name, kind: 'retriable', action: invocation(step) }]);
  }

  parallel(branches: (branch: SagaAssembly<Input>['branch']) => Record<string, Branch<unknown>>): this {
    const steps = Object.entries(branches(this.branch)).map(([name, step]) => ({ name, ...(step as Nameless) }));
    return this.stage(steps);
  }

  build(): SagaDefinition<Input> {
    const { name, version, input, deadline } = this.options;
    if (!NAME.test(name)) throw new WiringError(`"${name}" is no saga name; use letters, digits and dashes.`);
    if (!Number.isInteger(version) || version < 1) throw new WiringError(`The version of ${name} must be 1 or more.`);
    schemaOf(input);
    const deadlineMs = deadline === undefined ? undefined : milliseconds(deadline);
    const definition = { name, version, input, deadlineMs, stages: this.stages };
    const steps = stepsOf(definition);
    if (!steps.some((step) => step.action)) throw new WiringError(`${name} has no step that does anything.`);
    const twice = steps.find((step, index) => steps.findIndex((other) => other.name === step.name) !== index);
    if (twice) throw new WiringError(`${name} defines the step ${twice.name} twice.`);
    return deepFreeze(definition);
  }

  private stage(steps: StepDefinition[]): this {
    const { name } = this.options;
    if (steps.length === 0) throw new WiringError(`${name} has a parallel stage without branches.`);
    for (const step of steps) {
      if (!NAME.test(step.name))
        throw new WiringError(`"${step.name}" in ${name} is no step name; use letters and digits.`);
    }
    this.stages.push({ steps });
    return this;
  }
}

function compensatable(step: AnyCompensatable): Nameless {
  return { kind: 'compensatable', action: invocation(step), compensation: invocation(step.compensation) };
}

function invocation({ invoke, payload, timeout = '5s', retry = {} }: AnyInvoke): Invocation {
  const { attempts = 5, backoff = exponential('200ms'), attentionAfter = 20 }: RetryOptions = retry;
  for (const [name, count] of Object.entries({ attempts, attentionAfter })) {
    if (!Number.isInteger(count) || count < 1) throw new WiringError(`${name} of ${invoke.name} must be 1 or more.`);
  }
  return { command: invoke, payload, timeoutMs: milliseconds(timeout), attempts, backoff, attentionAfter };
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) deepFreeze(part);
  }
  return Object.freeze(value);
}
