/** A filter of a list: one of some values, or a text. */
export interface Filter {
  /** Its name in the URL and the API. */
  readonly name: string;
  readonly label: string;
  /** The values to choose from; a text without. */
  readonly values?: readonly { readonly value: string; readonly label: string }[];
  readonly placeholder?: string;
  /** What the chip says, where the value itself says little, such as an id. */
  readonly show?: (value: string) => string;
}

export const choices = (...values: readonly string[]): { value: string; label: string }[] =>
  values.map((value) => ({ value, label: value.toLowerCase().replaceAll('_', ' ') }));
