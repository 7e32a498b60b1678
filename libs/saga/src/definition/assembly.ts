import {
  assertDeclares,
  assertSagaName,
  assertVersion,
  ConfigurationError,
  milliseconds,
  type CommandContract,
  type SignalContract,
} from '../contract';
import { childStep } from './child';
import {
  stepsOf,
  type CommandSpec,
  type SagaDefinition,
  type StageDefinition,
  type StepDefinition,
} from './definition';
import { Places } from './places';
import { exponential } from './retry-policy';
import type {
  Branch,
  ChildOptions,
  ForEachOptions,
  Invoke,
  CommandOptions,
  RetryOptions,
  SagaOptions,
  WaitOptions,
} from './step-options';

type AnyInvoke = Invoke<CommandContract, never, object>;
type AnyCompensatable = AnyInvoke & { compensation: AnyInvoke };
type AnyWait = WaitOptions<SignalContract, never>;
type AnyChild = ChildOptions<SagaDefinition, never>;
type Condition = (scope: never) => boolean;
type Nameless = Omit<StepDefinition, 'name'>;

const NAME = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/** Collects the steps of the typed builder and checks what the compiler cannot. */
export class SagaAssembly<Input extends object> {
  private readonly stages: StageDefinition[] = [];
  private readonly places = new Places();
  private readonly branch = {
    compensatable: (step: AnyCompensatable): Nameless => ({
      kind: 'compensatable',
      action: this.commandSpec(step),
      compensation: this.commandSpec(step.compensation),
    }),
    retriable: (step: AnyInvoke): Nameless => ({ kind: 'retriable', action: this.commandSpec(step) }),
    wait: (step: AnyWait): Nameless => wait(step),
    child: (step: AnyChild): Nameless => childStep(step, this.isAfterPivot()),
    when: (condition: Condition, step: Nameless): Nameless => ({ ...step, when: condition }),
  };

  constructor(private readonly options: SagaOptions<Input>) {}

  compensation(name: string, step: AnyInvoke): this {
    // Its action took place before the saga began, so it must run for a compensation from any step.
    if (this.stages.some(({ steps }) => steps.some(({ kind }) => kind !== 'compensation')))
      throw new ConfigurationError(
        `The compensation ${name} of ${this.options.name} must come before the steps that act.`,
      );
    return this.stage([{ name, kind: 'compensation', compensation: this.commandSpec(step) }]);
  }

  compensatable(name: string, step: AnyCompensatable): this {
    return this.stage([{ name, ...this.branch.compensatable(step) }]);
  }

  pivot(name: string, step: AnyInvoke): this {
    return this.stage([{ name, kind: 'pivot', action: this.commandSpec(step) }]);
  }

  retriable(name: string, step: AnyInvoke): this {
    return this.stage([{ name, ...this.branch.retriable(step) }]);
  }

  wait(name: string, step: AnyWait): this {
    return this.stage([{ name, ...this.branch.wait(step) }]);
  }

  child(name: string, step: AnyChild): this {
    return this.stage([{ name, ...this.branch.child(step) }]);
  }

  parallel(branches: (branch: SagaAssembly<Input>['branch']) => Record<string, Branch<unknown>>): this {
    const steps = Object.entries(branches(this.branch)).map(([name, step]) => ({ name, ...(step as Nameless) }));
    return this.stage(steps);
  }

  forEach(
    name: string,
    items: (scope: never) => readonly unknown[],
    branch: (branch: SagaAssembly<Input>['branch']) => Branch<unknown>,
    { concurrency = 10 }: ForEachOptions = {},
  ): this {
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw new ConfigurationError(`The concurrency of ${name} in ${this.options.name} must be 1 or more.`);
    const step = branch(this.branch) as Nameless;
    return this.stage([{ name, ...step, forEach: { items, concurrency } }]);
  }

  when(condition: Condition, steps: (saga: this) => unknown): this {
    const unconditional = this.stages.length;
    steps(this);
    for (const stage of this.stages.splice(unconditional)) {
      this.stages.push({ steps: stage.steps.map((step) => onlyWhen(condition, step)) });
    }
    return this;
  }

  build(): SagaDefinition<Input> {
    const { name, version, input, attributes, orchestrator, deadline } = this.options;
    assertSagaName(name);
    assertVersion(name, version);
    assertDeclares(input);
    const deadlineMs = deadline === undefined ? undefined : milliseconds(deadline);
    const reversible = this.isAfterPivot() ? {} : { reversible: true };
    const searchable = attributes === undefined ? {} : { attributes };
    const definition = {
      name,
      version,
      input,
      ...searchable,
      orchestrator,
      deadlineMs,
      stages: this.stages,
      ...reversible,
    };
    const steps = stepsOf(definition);
    if (!steps.some((step) => step.action)) throw new ConfigurationError(`${name} has no step that does anything.`);
    const twice = steps.find((step, index) => steps.findIndex((other) => other.name === step.name) !== index);
    if (twice) throw new ConfigurationError(`${name} defines the step ${twice.name} twice.`);
    this.places.keepFor(definition);
    return deepFreeze(definition);
  }

  private isAfterPivot(): boolean {
    return this.stages.some(({ steps }) => steps.some(({ kind }) => kind === 'pivot' || kind === 'retriable'));
  }

  /** Takes what the step leaves open from the defaults of the definition, then from those of the library. */
  private commandSpec({ invoke, payload, timeout, retry }: AnyInvoke): CommandSpec {
    const { defaults = {} } = this.options;
    return commandSpecOf(invoke, payload, {
      timeout: timeout ?? defaults.timeout,
      retry: { ...defaults.retry, ...retry },
    });
  }

  private stage(steps: StepDefinition[]): this {
    const { name } = this.options;
    if (steps.length === 0) throw new ConfigurationError(`${name} has a parallel stage without branches.`);
    for (const step of steps) {
      if (!NAME.test(step.name))
        throw new ConfigurationError(`"${step.name}" in ${name} is not a step name; use letters and digits.`);
    }
    this.places.add(steps.map((step) => step.name));
    this.stages.push({ steps });
    return this;
  }
}

function wait({ signal, timeout, otherwise, refusal }: AnyWait): Nameless {
  return { kind: 'wait', wait: { signal, timeoutMs: milliseconds(timeout), otherwise, refusal } };
}

/** Nests a condition: both must hold; the outer one is evaluated first. */
function onlyWhen(condition: Condition, step: StepDefinition): StepDefinition {
  const { when: inner } = step;
  return { ...step, when: inner ? (scope: never) => condition(scope) && inner(scope) : condition };
}

function commandSpecOf(
  invoke: CommandContract,
  payload: CommandSpec['payload'],
  { timeout = '5s', retry = {} }: { [Key in keyof CommandOptions]: CommandOptions[Key] | undefined },
): CommandSpec {
  const { attempts = 5, backoff = exponential('200ms'), attentionAfter = 20 }: RetryOptions = retry;
  for (const [name, count] of Object.entries({ attempts, attentionAfter })) {
    if (!Number.isInteger(count) || count < 1)
      throw new ConfigurationError(`${name} of ${invoke.name} must be 1 or more.`);
  }
  return { command: invoke, payload, timeoutMs: milliseconds(timeout), attempts, backoff, attentionAfter };
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) deepFreeze(part);
  }
  return Object.freeze(value);
}
