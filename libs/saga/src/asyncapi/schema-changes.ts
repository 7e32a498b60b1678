/*
 * Compares two JSON Schemas of one message: the shipped one, which running services have, and the current one. A change
 * can break services in two directions. It narrows when the current schema rejects data that the shipped one accepts: a
 * new reader fails on messages from running senders. It widens when the current schema accepts data that the shipped
 * one rejects: a running reader fails on messages from new senders. Readers ignore unknown fields, so adding or
 * removing an optional one does neither. A change of an unknown keyword counts as both, since a false alarm costs less
 * than a broken saga.
 */
import type { JsonSchema } from '../contract';

export interface SchemaChange {
  /** Path in the message, such as `data.lines[].quantity`. */
  readonly field: string;
  /** What changed, such as `became required`. */
  readonly change: string;
  readonly narrows: boolean;
  readonly widens: boolean;
}

/** A schema, and the document that its references point into. */
export interface Located {
  readonly schema: JsonSchema;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Returns the changes that could break a reader. */
export function schemaChanges(shipped: Located, current: Located, field = ''): readonly SchemaChange[] {
  const [before, now] = [resolved(shipped), resolved(current)];
  return [
    ...requiredChanges(before.schema, now.schema, field),
    ...typeChanges(before.schema, now.schema, field),
    ...enumChanges(before.schema, now.schema, field),
    ...BOUNDS.flatMap((bound) => boundChanges(bound, before.schema, now.schema, field)),
    ...otherChanges(before.schema, now.schema, field),
    ...nestedChanges(before, now, field),
  ];
}

type Kind = Pick<SchemaChange, 'narrows' | 'widens'>;
const NARROWS: Kind = { narrows: true, widens: false };
const WIDENS: Kind = { narrows: false, widens: true };
const BOTH: Kind = { narrows: true, widens: true };

function requiredChanges(before: JsonSchema, now: JsonSchema, field: string): SchemaChange[] {
  const [was, is] = [list(before['required']), list(now['required'])];
  const declared = (now['properties'] ?? {}) as Record<string, unknown>;
  return [
    ...is.filter((name) => !was.includes(name)).map((name) => made(at(field, name), 'became required', NARROWS)),
    ...was
      .filter((name) => !is.includes(name))
      .map((name) => made(at(field, name), name in declared ? 'became optional' : 'was removed', WIDENS)),
  ];
}

function typeChanges(before: JsonSchema, now: JsonSchema, field: string): SchemaChange[] {
  const [was, is] = [list(before['type']), list(now['type'])];
  const accepts = (types: string[], type: string): boolean =>
    types.length === 0 || types.includes(type) || (type === 'integer' && types.includes('number'));
  const narrows = was.some((type) => !accepts(is, type)) || (was.length === 0 && is.length > 0);
  const widens = is.some((type) => !accepts(was, type)) || (is.length === 0 && was.length > 0);
  if (!narrows && !widens) return [];
  return [
    made(field, `changed its type from ${was.join(' or ') || 'any'} to ${is.join(' or ') || 'any'}`, {
      narrows,
      widens,
    }),
  ];
}

function enumChanges(before: JsonSchema, now: JsonSchema, field: string): SchemaChange[] {
  const [was, is] = [valuesOf(before), valuesOf(now)];
  if (was === undefined && is === undefined) return [];
  if (was === undefined) return [made(field, `became one of ${is?.join(', ')}`, NARROWS)];
  if (is === undefined) return [made(field, `is no longer one of ${was.join(', ')}`, WIDENS)];
  return [
    ...was.filter((value) => !is.includes(value)).map((value) => made(field, `lost the value ${value}`, NARROWS)),
    ...is.filter((value) => !was.includes(value)).map((value) => made(field, `gained the value ${value}`, WIDENS)),
  ];
}

interface Bound {
  readonly keyword: string;
  /** True when a greater bound accepts fewer values. */
  readonly least: boolean;
}

const BOUNDS: readonly Bound[] = [
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'].map((keyword) => ({
    keyword,
    least: true,
  })),
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'].map((keyword) => ({
    keyword,
    least: false,
  })),
];

function boundChanges({ keyword, least }: Bound, before: JsonSchema, now: JsonSchema, field: string): SchemaChange[] {
  const [was, is] = [before[keyword], now[keyword]] as (number | undefined)[];
  if (was === is) return [];
  const change = `changed its ${keyword} from ${was ?? 'none'} to ${is ?? 'none'}`;
  const tighter = was === undefined || (is !== undefined && is > was === least);
  return [made(field, change, tighter ? NARROWS : WIDENS)];
}

/** Keywords that the comparison does not understand: a pattern, a format, an `anyOf`. */
function otherChanges(before: JsonSchema, now: JsonSchema, field: string): SchemaChange[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keywords].filter(isOther).flatMap((keyword) => {
    const [was, is] = [before[keyword], now[keyword]];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const change = `changed its ${keyword} from ${shown(was)} to ${shown(is)}`;
    return [made(field, change, was === undefined ? NARROWS : is === undefined ? WIDENS : BOTH)];
  });
}

const COMPARED = [
  'type',
  'enum',
  'const',
  'required',
  'properties',
  'items',
  'allOf',
  ...BOUNDS.map((each) => each.keyword),
];
const SAY_NOTHING = ['title', 'description', 'examples', 'default', '$comment', 'deprecated', 'readOnly', 'writeOnly'];

function isOther(keyword: string): boolean {
  return !COMPARED.includes(keyword) && !SAY_NOTHING.includes(keyword) && !keyword.startsWith('x-');
}

function nestedChanges(before: Located, now: Located, field: string): SchemaChange[] {
  const properties = (of: Located): Record<string, JsonSchema> => (of.schema['properties'] ?? {}) as never;
  const [was, is] = [properties(before), properties(now)];
  const shared = Object.keys(was).filter((name) => name in is);
  const [parts, partsNow] = [before.schema['allOf'] ?? [], now.schema['allOf'] ?? []] as [JsonSchema[], JsonSchema[]];
  return [
    ...shared.flatMap((name) => within(before, now, was[name], is[name], at(field, name))),
    ...within(before, now, before.schema['items'], now.schema['items'], `${field}[]`),
    ...Array.from({ length: Math.max(parts.length, partsNow.length) }, (_, index) =>
      within(before, now, parts[index] ?? {}, partsNow[index] ?? {}, field),
    ).flat(),
  ];
}

function within(before: Located, now: Located, was: unknown, is: unknown, field: string): readonly SchemaChange[] {
  if (was === undefined && is === undefined) return [];
  return schemaChanges(
    { ...before, schema: (was ?? {}) as JsonSchema },
    { ...now, schema: (is ?? {}) as JsonSchema },
    field,
  );
}

function resolved({ schema, document }: Located): Located {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return { schema, document };
  const target = reference
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
  if (target === undefined) throw new Error(`The document has no ${reference}.`);
  return resolved({ schema: target as JsonSchema, document });
}

function valuesOf({ enum: values, const: value }: JsonSchema): readonly string[] | undefined {
  if (Array.isArray(values)) return values.map(shown);
  return value === undefined ? undefined : [shown(value)];
}

function list(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map(shown);
}

function made(field: string, change: string, kind: Kind): SchemaChange {
  return { field: field || 'the message', change, ...kind };
}

function at(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
}
