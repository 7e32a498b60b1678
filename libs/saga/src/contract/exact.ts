import type { SagaTypeError } from './saga-type-error';

/**
 * Rejects fields that `Wanted` does not have, at any depth. Without it a misspelled optional field compiles and is
 * lost, because a function may return more fields than its type names.
 */
export type Exact<Given, Wanted> = 0 extends 1 & Given
  ? unknown
  : Given extends Whole
    ? unknown
    : Given extends readonly (infer GivenItem)[]
      ? Wanted extends readonly (infer WantedItem)[]
        ? readonly (GivenItem & Exact<GivenItem, WantedItem>)[]
        : unknown
      : keyof Wanted extends never
        ? unknown
        : IsSame<Given, Wanted> extends true
          ? unknown
          : {
              [Field in keyof Given]: Field extends keyof Wanted
                ? Exact<Given[Field], NonNullable<Wanted[Field]>>
                : SagaTypeError<`The contract has no field ${Field & string}: remove it, or correct its name`>;
            };

/** Types without fields to check. */
type Whole = string | number | boolean | bigint | symbol | null | undefined | Date | ((...args: never[]) => unknown);

/** A class needs no check against itself; without this, the compiler's message for a missing field is hard to read. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the compiler compares conditional types by identity
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
