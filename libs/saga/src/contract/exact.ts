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
        : {
            [Field in keyof Given]: Field extends keyof Wanted
              ? Exact<Given[Field], NonNullable<Wanted[Field]>>
              : TheContractHasNoField<Field>;
          };

/** Types without fields to check. */
type Whole = string | number | boolean | bigint | symbol | null | undefined | Date | ((...args: never[]) => unknown);

declare const NAME: unique symbol;
/** A type without values; the compiler shows its name for an unknown field. */
export interface TheContractHasNoField<Name> {
  readonly [NAME]: Name;
}
