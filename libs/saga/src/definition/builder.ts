/*
 * The typed builder. What the compiler knows about a saga is carried by three type parameters: the input, the replies of
 * the steps so far, and the names in use. A saga passes from BeforePivot to AfterPivot once; each offers only the kinds of
 * transaction that are safe there. `builder.types.ts` holds what must not compile.
 */
import type { CommandContract, ReplyOf } from '../contract';
import { SagaAssembly } from './assembly';
import type { SagaDefinition } from './definition';
import type {
  Branch,
  CompensationScope,
  Invoke,
  InvokeCompensatable,
  Irrefusable,
  SagaOptions,
  Scope,
} from './step-options';

type Branches = Record<string, Branch<unknown>>;
type RepliesOf<B extends Branches> = { [Name in keyof B]: B[Name] extends Branch<infer Reply> ? Reply : never };
type Unused<Name extends string, Names extends string> = Name extends Names
  ? `The step ${Name} is defined twice`
  : Name;
type AllUnused<B, Names extends string> = { [Name in keyof B & Names]: never };

export interface CompensatableBranch<Scoped> {
  compensatable<C extends CommandContract, K extends Irrefusable>(
    step: InvokeCompensatable<C, K, Scoped>,
  ): Branch<ReplyOf<C>>;
}

export interface RetriableBranch<Scoped> {
  retriable<C extends Irrefusable>(step: Invoke<C, Scoped>): Branch<ReplyOf<C>>;
}

export interface AfterPivot<Input extends object, Replies, Names extends string> {
  /** A transaction that must succeed in the end: retried for ever, never taken back. */
  retriable<const Name extends string, C extends Irrefusable>(
    name: Unused<Name, Names>,
    step: Invoke<C, Scope<Input, Replies>>,
  ): AfterPivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  parallel<B extends Branches>(
    branches: (branch: RetriableBranch<Scope<Input, Replies>>) => B & AllUnused<B, Names>,
  ): AfterPivot<Input, Replies & RepliesOf<B>, Names | (keyof B & string)>;

  /** The definition as frozen, plain data. Throws a WiringError for what the compiler cannot see. */
  build(): SagaDefinition<Input>;
}

export interface BeforePivot<Input extends object, Replies, Names extends string> {
  /** Takes back what the service that starts the saga did itself, such as the order it wrote. */
  compensation<const Name extends string, K extends Irrefusable>(
    name: Unused<Name, Names>,
    step: Invoke<K, CompensationScope<Scope<Input, Replies>>>,
  ): BeforePivot<Input, Replies, Names | Name>;

  /** A transaction that can be taken back by its compensation. */
  compensatable<const Name extends string, C extends CommandContract, K extends Irrefusable>(
    name: Unused<Name, Names>,
    step: InvokeCompensatable<C, K, Scope<Input, Replies>>,
  ): BeforePivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  /** Transactions that run side by side; none sees another's reply. */
  parallel<B extends Branches>(
    branches: (branch: CompensatableBranch<Scope<Input, Replies>>) => B & AllUnused<B, Names>,
  ): BeforePivot<Input, Replies & RepliesOf<B>, Names | (keyof B & string)>;

  /** The go or no-go: when it is done, nothing is taken back any more. */
  pivot<const Name extends string, C extends CommandContract>(
    name: Unused<Name, Names>,
    step: Invoke<C, Scope<Input, Replies>>,
  ): AfterPivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  /** The first retriable is where the way back ends, if there is no pivot before it. */
  retriable<const Name extends string, C extends Irrefusable>(
    name: Unused<Name, Names>,
    step: Invoke<C, Scope<Input, Replies>>,
  ): AfterPivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  build(): SagaDefinition<Input>;
}

/** Starts the definition of a saga; end it with `.build()`. Accepts what `defineStart` made: `{ ...placeOrder, version: 1 }`. */
// oxlint-disable-next-line typescript/no-empty-object-type -- no step has replied yet
export function defineSaga<Input extends object>(
  options: SagaOptions<Input>,
): BeforePivot<Input, {}, 'input' | 'reply' | 'cause'> {
  // The assembly knows nothing of types; what it may be told is decided by the interfaces above.
  // oxlint-disable-next-line typescript/no-empty-object-type -- as above
  return new SagaAssembly(options) as unknown as BeforePivot<Input, {}, 'input' | 'reply' | 'cause'>;
}
