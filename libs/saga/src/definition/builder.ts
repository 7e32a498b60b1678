/*
 * The typed builder. Three type parameters carry what the compiler knows about a saga: the input, the replies of the
 * steps so far, and the names in use. A saga passes from BeforePivot to AfterPivot once; each offers only the kinds of
 * transaction that are safe there. `builder.types.ts` holds what must not compile.
 */
import type { CommandContract, PayloadOf, ReplyOf, SignalContract, SignalOf } from '../contract';
import { SagaAssembly } from './assembly';
import type { ReversibleDefinition, SagaDefinition } from './definition';
import type { NewName, NewNames, Reads, Reversible } from './mistakes';
import type {
  Branch,
  ChildOptions,
  CompensationScope,
  ForEachOptions,
  Invoke,
  InvokeCompensatable,
  InvokeSurely,
  ItemScope,
  MapperScope,
  SagaOptions,
  WaitForSure,
  WaitOptions,
} from './step-options';

type Branches = Record<string, Branch<unknown>>;
type RepliesOf<B extends Branches> = { [Name in keyof B]: B[Name] extends Branch<infer Reply> ? Reply : never };
type PerhapsReplies<Replies> = { [Name in keyof Replies]: Replies[Name] | undefined };

/** Defines the branches of a parallel stage before the pivot, in `.parallel((branch) => ({ … }))`. */
export interface CompensatableBranch<Scoped> {
  /** A transaction with its compensation. */
  compensatable<
    C extends CommandContract,
    P extends PayloadOf<C>,
    Q extends PayloadOf<K>,
    K extends CommandContract = never,
  >(
    step: InvokeCompensatable<C, K, Scoped, P, Q, 'This branch'>,
  ): Branch<ReplyOf<C>>;

  /** Waits until the signal arrives; without `otherwise`, the saga compensates when none does. */
  wait<S extends SignalContract>(step: WaitOptions<S, Scoped>): Branch<SignalOf<S>>;

  /** Runs another saga that can be compensated as a whole. */
  child<D extends SagaDefinition>(step: ChildOptions<D, Scoped, Reversible<D, 'This child'>>): Branch<undefined>;

  /** The branch runs only if this holds; later mappers see its reply, or undefined. */
  when<Reply>(condition: (scope: Scoped) => boolean, branch: Branch<Reply>): Branch<Reply | undefined>;
}

/** Defines the branches of a parallel stage after the pivot, in `.parallel((branch) => ({ … }))`. */
export interface RetriableBranch<Scoped> {
  /** A transaction that must succeed in the end. */
  retriable<C extends CommandContract, P extends PayloadOf<C>>(
    step: InvokeSurely<C, Scoped, P, 'This branch'>,
  ): Branch<ReplyOf<C>>;

  /** Waits until the signal arrives; `otherwise` replaces one that does not. */
  wait<S extends SignalContract>(step: WaitForSure<S, Scoped>): Branch<SignalOf<S>>;

  /** Runs another saga that must succeed in the end. */
  child<D extends SagaDefinition>(step: ChildOptions<D, Scoped>): Branch<undefined>;

  /** The branch runs only if this holds; later mappers see its reply, or undefined. */
  when<Reply>(condition: (scope: Scoped) => boolean, branch: Branch<Reply>): Branch<Reply | undefined>;
}

/** Defines the branch of a forEach before the pivot: one per item; each runs one transaction. */
export type CompensatableItem<Scoped> = Pick<CompensatableBranch<Scoped>, 'compensatable' | 'child'>;
/** Defines the branch of a forEach after the pivot: one per item; each runs one transaction. */
export type RetriableItem<Scoped> = Pick<RetriableBranch<Scoped>, 'retriable' | 'child'>;

/** A definition with its pivot or first retriable step: what follows must succeed in the end. */
export interface AfterPivot<Input extends object, Replies, Names extends string> {
  /** Adds a transaction that must succeed in the end: retried without limit, never compensated. */
  retriable<const Name extends string, C extends CommandContract, P extends PayloadOf<C>>(
    name: NewName<Name, Names>,
    step: InvokeSurely<C, MapperScope<Reads<`The step ${Name}`>, Input, Replies>, P, `The step ${Name}`>,
  ): AfterPivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  /** Adds transactions that run in parallel; none sees another's reply. */
  parallel<B extends Branches>(
    branches: (branch: RetriableBranch<MapperScope<Reads<'A branch'>, Input, Replies>>) => B & NewNames<B, Names>,
  ): AfterPivot<Input, Replies & RepliesOf<B>, Names | (keyof B & string)>;

  /** Adds one branch per item, at most 200; later mappers see the replies in the order of the items. */
  forEach<const Name extends string, Item, Reply>(
    name: NewName<Name, Names>,
    items: (scope: MapperScope<Reads<`The step ${Name}`>, Input, Replies>) => readonly Item[],
    branch: (
      branch: RetriableItem<ItemScope<MapperScope<Reads<`The step ${Name}`>, Input, Replies>, Item>>,
    ) => Branch<Reply>,
    options?: ForEachOptions,
  ): AfterPivot<Input, Replies & Record<Name, readonly Reply[]>, Names | Name>;

  /** Waits until the signal arrives; later mappers see its data. */
  wait<const Name extends string, S extends SignalContract>(
    name: NewName<Name, Names>,
    step: WaitForSure<S, MapperScope<Reads<`The step ${Name}`>, Input, Replies>>,
  ): AfterPivot<Input, Replies & Record<Name, SignalOf<S>>, Names | Name>;

  /** Runs another saga that must succeed in the end, one with retriable steps only. */
  child<const Name extends string, D extends SagaDefinition>(
    name: NewName<Name, Names>,
    step: ChildOptions<D, MapperScope<Reads<`The step ${Name}`>, Input, Replies>>,
  ): AfterPivot<Input, Replies & Record<Name, undefined>, Names | Name>;

  /** These steps run only if the condition holds; later mappers see their replies, or undefined. */
  when<Inner, InnerNames extends string>(
    condition: (scope: MapperScope<Reads<'A condition'>, Input, Replies>) => boolean,
    steps: (saga: AfterPivot<Input, Replies, Names>) => AfterPivot<Input, Inner, InnerNames>,
  ): AfterPivot<Input, Replies & PerhapsReplies<Omit<Inner, keyof Replies>>, InnerNames>;

  /**
   * Returns the definition as frozen, plain data. Throws a ConfigurationError for mistakes that the compiler cannot
   * see.
   */
  build(): SagaDefinition<Input>;
}

/** A definition as long as everything in it can be compensated. Begin with {@link defineSaga}. */
export interface BeforePivot<Input extends object, Replies, Names extends string> {
  /** Compensates what the service that starts the saga did itself, such as the order that it wrote. */
  compensation<const Name extends string, K extends CommandContract, P extends PayloadOf<K>>(
    name: NewName<Name, Names>,
    step: InvokeSurely<
      K,
      CompensationScope<MapperScope<Reads<`The step ${Name}`>, Input, Replies>>,
      P,
      `The step ${Name}`
    >,
  ): BeforePivot<Input, Replies, Names | Name>;

  /** Adds a transaction with its compensation. */
  compensatable<
    const Name extends string,
    C extends CommandContract,
    P extends PayloadOf<C>,
    Q extends PayloadOf<K>,
    K extends CommandContract = never,
  >(
    name: NewName<Name, Names>,
    step: InvokeCompensatable<C, K, MapperScope<Reads<`The step ${Name}`>, Input, Replies>, P, Q, `The step ${Name}`>,
  ): BeforePivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  /** Adds transactions that run in parallel; none sees another's reply. */
  parallel<B extends Branches>(
    branches: (branch: CompensatableBranch<MapperScope<Reads<'A branch'>, Input, Replies>>) => B & NewNames<B, Names>,
  ): BeforePivot<Input, Replies & RepliesOf<B>, Names | (keyof B & string)>;

  /** Adds one branch per item, at most 200; later mappers see the replies in the order of the items. */
  forEach<const Name extends string, Item, Reply>(
    name: NewName<Name, Names>,
    items: (scope: MapperScope<Reads<`The step ${Name}`>, Input, Replies>) => readonly Item[],
    branch: (
      branch: CompensatableItem<ItemScope<MapperScope<Reads<`The step ${Name}`>, Input, Replies>, Item>>,
    ) => Branch<Reply>,
    options?: ForEachOptions,
  ): BeforePivot<Input, Replies & Record<Name, readonly Reply[]>, Names | Name>;

  /** Waits until the signal arrives; later mappers see its data. */
  wait<const Name extends string, S extends SignalContract>(
    name: NewName<Name, Names>,
    step: WaitOptions<S, MapperScope<Reads<`The step ${Name}`>, Input, Replies>>,
  ): BeforePivot<Input, Replies & Record<Name, SignalOf<S>>, Names | Name>;

  /** Runs another saga that can be compensated as a whole, one without pivot and retriable steps. */
  child<const Name extends string, D extends SagaDefinition>(
    name: NewName<Name, Names>,
    step: ChildOptions<D, MapperScope<Reads<`The step ${Name}`>, Input, Replies>, Reversible<D, `The child ${Name}`>>,
  ): BeforePivot<Input, Replies & Record<Name, undefined>, Names | Name>;

  /** Adds the pivot: when it is done, nothing is compensated any more. */
  pivot<const Name extends string, C extends CommandContract, P extends PayloadOf<C>>(
    name: NewName<Name, Names>,
    step: Invoke<C, MapperScope<Reads<`The step ${Name}`>, Input, Replies>, P>,
  ): AfterPivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  /** Adds the first retriable step; without a pivot before it, nothing is compensated from here on. */
  retriable<const Name extends string, C extends CommandContract, P extends PayloadOf<C>>(
    name: NewName<Name, Names>,
    step: InvokeSurely<C, MapperScope<Reads<`The step ${Name}`>, Input, Replies>, P, `The step ${Name}`>,
  ): AfterPivot<Input, Replies & Record<Name, ReplyOf<C>>, Names | Name>;

  /** These steps run only if the condition holds; later mappers see their replies, or undefined. */
  when<Inner, InnerNames extends string>(
    condition: (scope: MapperScope<Reads<'A condition'>, Input, Replies>) => boolean,
    steps: (saga: BeforePivot<Input, Replies, Names>) => BeforePivot<Input, Inner, InnerNames>,
  ): BeforePivot<Input, Replies & PerhapsReplies<Omit<Inner, keyof Replies>>, InnerNames>;

  /**
   * Returns the definition as frozen, plain data. Throws a ConfigurationError for mistakes that the compiler cannot
   * see.
   */
  build(): ReversibleDefinition<Input>;
}

/** Starts the definition of a saga; end it with `.build()`. Accepts what `defineStart` made: `{ ...placeOrder, version: 1 }`. */
// oxlint-disable-next-line typescript/no-empty-object-type -- no step has replied yet
export function defineSaga<Input extends object>(options: SagaOptions<Input>): BeforePivot<Input, {}, never> {
  // The assembly has no type parameters; the interfaces above decide what may be called.
  // oxlint-disable-next-line typescript/no-empty-object-type -- as above
  return new SagaAssembly(options) as unknown as BeforePivot<Input, {}, never>;
}
