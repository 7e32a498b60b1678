/**
 * Nothing more than `Wanted` has, at any depth; what has more fits nothing. Without it a misspelled optional field compiles,
 * since a function may return more than it is asked for, and is lost.
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

/** What has no fields of its own to look at. */
type Whole = string | number | boolean | bigint | symbol | null | undefined | Date | ((...args: never[]) => unknown);

declare const NAME: unique symbol;
/** Nothing is of this type; its name is what the compiler says of a field too many. */
export interface TheContractHasNoField<Name> {
  readonly [NAME]: Name;
}
