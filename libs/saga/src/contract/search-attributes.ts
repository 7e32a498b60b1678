/*
 * Search attributes: values of a saga's input by which operators find it, beside its business key. The start declares
 * them; the orchestrator stores them when the saga begins.
 */
import { InvalidDataError } from './errors';

/** A value by which sagas are found; compared as text. */
export type SearchValue = string | number | boolean;

/** A value of which only a hash and the last four characters are stored for the search. */
export interface SensitiveSearchValue {
  readonly sensitive: SearchValue | readonly SearchValue[] | null | undefined;
}

/** Values by the names of their attributes; an attribute without a value is left out. */
export type SearchAttributes = Readonly<
  Record<string, SearchValue | readonly SearchValue[] | SensitiveSearchValue | null | undefined>
>;

/** One search attribute of a saga. */
export interface SearchAttribute {
  readonly name: string;
  /** Each once. */
  readonly values: readonly string[];
  readonly sensitive: boolean;
}

const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,49}$/;
const MOST_ATTRIBUTES = 20;
const MOST_VALUES = 100;
const LONGEST = 200;

/**
 * Returns the search attributes of a saga with this input.
 *
 * @throws InvalidDataError when a name or a value cannot be stored; whatever the function of the start throws
 */
export function searchAttributesOf(
  {
    name: saga,
    attributes,
  }: { readonly name: string; readonly attributes?: ((input: never) => SearchAttributes) | undefined },
  input: unknown,
): readonly SearchAttribute[] {
  if (attributes === undefined) return [];
  const found = Object.entries(attributes(input as never)).flatMap(([name, value]) => attributeOf(name, value) ?? []);
  const violations = found.flatMap(({ name, values }) => {
    const problem = problemOf(name, values);
    return problem === undefined ? [] : [{ field: name, problem }];
  });
  if (found.length > MOST_ATTRIBUTES)
    violations.push({ field: 'attributes', problem: `must be at most ${MOST_ATTRIBUTES}` });
  if (violations.length > 0) throw new InvalidDataError(`A search attribute of ${saga}`, violations);
  return found;
}

function attributeOf(name: string, value: SearchAttributes[string]): SearchAttribute | undefined {
  const sensitive = isSensitive(value);
  const given = sensitive ? value.sensitive : value;
  if (given === undefined || given === null) return undefined;
  const values = [...new Set((Array.isArray(given) ? given : [given]).map(textOf))];
  return values.length === 0 ? undefined : { name, values, sensitive };
}

/** Empty for what is no search value, and so cannot be stored. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isSensitive(value: SearchAttributes[string]): value is SensitiveSearchValue {
  return typeof value === 'object' && value !== null && 'sensitive' in value;
}

function problemOf(name: string, values: readonly string[]): string | undefined {
  if (!NAME.test(name)) return 'must be named with letters, digits, - and _, at most 50, beginning with a letter';
  if (values.length > MOST_VALUES) return `must have at most ${MOST_VALUES} values`;
  const isStorable = values.every((value) => value !== '' && value.length <= LONGEST && !/\p{Cc}/u.test(value));
  return isStorable
    ? undefined
    : `must be a number, a boolean, or a text of 1 to ${LONGEST} characters without control characters`;
}
