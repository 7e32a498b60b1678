/*
 * Watches what the functions of a definition and of a test look at, so that scenes may be taken for one that differ only in
 * what nobody looks at. What has been seen to be looked at is never left out again: whoever took scenes for one before has
 * to begin anew (`looks` has changed).
 */
import type { CommandContract } from '../../contract';
import type { CommandSpec, SagaDefinition, StepDefinition } from '../../definition';

export class Observations {
  private readonly causeReaders = new Set<string>();
  private readonly payloadReaders = new Set<CommandContract>();

  /** How many things are looked at, as far as was seen. */
  get looks(): number {
    return this.causeReaders.size + this.payloadReaders.size;
  }

  /** Whether the compensation of this step says why the saga is taken back. */
  readsCause({ name, branch }: StepDefinition): boolean {
    return this.causeReaders.has(branch?.of.name ?? name);
  }

  /** Whether what this command does depends on its payload. */
  readsPayload(command: CommandContract): boolean {
    return this.payloadReaders.has(command);
  }

  /** The same definition, its compensations watched. */
  watch(definition: SagaDefinition): SagaDefinition {
    const stages = definition.stages.map(({ steps }) => ({
      steps: steps.map((step) =>
        step.compensation ? { ...step, compensation: this.watchCause(step, step.compensation) } : step,
      ),
    }));
    return { ...definition, stages };
  }

  /** Gives this payload to an effect. An effect is pure: one that looks for the first time runs again, unwatched. */
  given<T>(command: CommandContract, payload: object, effect: (payload: object) => T): T {
    if (this.payloadReaders.has(command)) return effect(payload);
    let looked = false;
    const look = (): void => {
      looked = true;
    };
    try {
      const done = effect(watched(payload, look));
      if (!looked) return done;
    } catch (error) {
      if (!looked) throw error;
    }
    this.payloadReaders.add(command);
    return effect(payload);
  }

  private watchCause({ name }: StepDefinition, commandSpec: CommandSpec): CommandSpec {
    const mapper = commandSpec.payload as (scope: object) => object;
    const payload = (scope: { readonly cause?: unknown }): object => {
      if (this.causeReaders.has(name)) return mapper(scope);
      const { cause, ...rest } = scope;
      const look = (): unknown => {
        this.causeReaders.add(name);
        return cause;
      };
      return mapper(Object.defineProperty(rest, 'cause', { get: look, enumerable: true }));
    };
    return { ...commandSpec, payload };
  }
}

function watched(payload: object, look: () => void): object {
  return new Proxy(payload, {
    get: (target, key, receiver) => (look(), Reflect.get(target, key, receiver) as unknown),
    has: (target, key) => (look(), Reflect.has(target, key)),
    ownKeys: (target) => (look(), Reflect.ownKeys(target)),
    getOwnPropertyDescriptor: (target, key) => (look(), Reflect.getOwnPropertyDescriptor(target, key)),
    getPrototypeOf: (target) => (look(), Reflect.getPrototypeOf(target)),
  });
}
