/*
 * Observes what the functions of a definition and of a test read, so that scenes are treated as equal when they differ
 * only in what is not read. Once something was read it is never ignored again: a search that had treated scenes as
 * equal starts again (`readCount` has changed).
 */
import type { CommandContract } from '../../contract';
import type { CommandSpec, SagaDefinition, StepDefinition } from '../../definition';

export class Observations {
  private readonly causeReaders = new Set<string>();
  private readonly payloadReaders = new Set<CommandContract>();

  /** How many different values were read so far. */
  get readCount(): number {
    return this.causeReaders.size + this.payloadReaders.size;
  }

  /** True when the compensation of this step reads the cause. */
  readsCause({ name, branch }: StepDefinition): boolean {
    return this.causeReaders.has(branch?.of.name ?? name);
  }

  /** True when the effect of this command reads its payload. */
  readsPayload(command: CommandContract): boolean {
    return this.payloadReaders.has(command);
  }

  /** Returns the same definition with observed compensations. */
  watch(definition: SagaDefinition): SagaDefinition {
    const stages = definition.stages.map(({ steps }) => ({
      steps: steps.map((step) =>
        step.compensation ? { ...step, compensation: this.watchCause(step, step.compensation) } : step,
      ),
    }));
    return { ...definition, stages };
  }

  /**
   * Calls an effect with this payload. An effect is pure: it is called again, unobserved, when it reads the payload for
   * the first time.
   */
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
