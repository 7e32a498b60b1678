/*
 * Marks the fields of a contract whose values are private, such as names and card numbers. The engine and the
 * participants use the values; what people see of them, and what leaves the system as a recording, is masked.
 */
import 'reflect-metadata';
import type { Class } from './json-schema';
import { nestedClasses, type AnyClass } from './nested-classes';

const SENSITIVE = Symbol('palinode.sensitive');

/** What replaces the value of a sensitive field. */
export interface SensitiveOptions {
  /** Shown in place of every value. By default each letter becomes `x` and each digit `1`, and the rest stays. */
  readonly as?: unknown;
}

/**
 * Marks a field as sensitive: the admin API, the log and recordings of sagas show it masked. Give `as` where a masked value breaks the rules of
 * the field, or changes what the saga decides.
 *
 * ```ts
 * class Guest {
 *   @Sensitive() @IsString() name!: string;
 *   @Sensitive({ as: 'guest@example.org' }) @IsEmail() email!: string;
 * }
 * ```
 */
export function Sensitive(options: SensitiveOptions = {}): PropertyDecorator {
  return (target, property) => {
    const inherited = sensitiveFields(target.constructor as AnyClass);
    Reflect.defineMetadata(SENSITIVE, new Map([...inherited, [String(property), options]]), target.constructor);
  };
}

/** Returns a copy of the data with the sensitive fields of its class masked, at any depth that the class describes. */
export function masked<T>(type: Class<object> | undefined, data: T): T {
  return (type === undefined ? data : maskedBy(type, data)) as T;
}

/** True when the class, or one that it describes, has a sensitive field. */
export function hasSensitiveFields(type: AnyClass | undefined, seen: readonly AnyClass[] = []): boolean {
  if (type === undefined || seen.includes(type)) return false;
  if (sensitiveFields(type).size > 0) return true;
  return nestedClasses(type).some(({ type: nested }) => hasSensitiveFields(nested, [...seen, type]));
}

/** A sensitive value as it may occur in a text, and what replaces it there. */
export interface SensitiveText {
  readonly value: string;
  readonly shown: string;
}

/** Shorter values occur in any text. */
const LEAST_LENGTH = 4;

/** Returns the values of the sensitive fields of the data that a text about them may quote. */
export function sensitiveTexts(type: Class<object> | undefined, data: unknown): SensitiveText[] {
  if (!hasSensitiveFields(type)) return [];
  return differences(data, masked(type, data)).filter(({ value }) => value.length >= LEAST_LENGTH);
}

/** Returns the text with these values replaced, the longest first. */
export function withoutSensitive(text: string, texts: readonly SensitiveText[]): string {
  return texts
    .toSorted((a, b) => b.value.length - a.value.length)
    .reduce((rest, { value, shown }) => rest.replaceAll(value, () => shown), text);
}

/** Returns the data with all their values masked, because nobody knows which fields are sensitive. */
export function maskedWhole(data: unknown): unknown {
  return maskedValue(data);
}

function differences(data: unknown, shown: unknown): SensitiveText[] {
  if (typeof data === 'object' && data !== null) {
    const other = Object(shown) as Record<string, unknown>;
    return Object.entries(data).flatMap(([name, each]) => differences(each, other[name]));
  }
  return data === shown || data === undefined || data === null ? [] : [{ value: textOf(data), shown: textOf(shown) }];
}

/** Returns the text with each letter as `x` and each digit as `1`. */
export function maskedText(text: string): string {
  return text
    .replaceAll(/\p{Lu}/gu, 'X')
    .replaceAll(/(?!X)\p{L}/gu, 'x')
    .replaceAll(/\p{N}/gu, '1');
}

function maskedBy(type: AnyClass, data: unknown): unknown {
  if (Array.isArray(data)) return data.map((each) => maskedBy(type, each));
  if (typeof data !== 'object' || data === null) return data;
  const fields = sensitiveFields(type);
  const copy: Record<string, unknown> = { ...data };
  for (const name of Object.keys(copy)) {
    const options = fields.get(name);
    if (options) copy[name] = 'as' in options ? options.as : maskedValue(copy[name]);
  }
  for (const { name, type: child } of nestedClasses(type))
    if (name in copy && !fields.has(name)) copy[name] = maskedBy(child, copy[name]);
  return copy;
}

function maskedValue(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (typeof value === 'number') return Number(String(value).replace(/\d/g, '1'));
  if (Array.isArray(value)) return value.map(maskedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskedValue(each)]));
}

function sensitiveFields(type: AnyClass): ReadonlyMap<string, SensitiveOptions> {
  return (Reflect.getMetadata(SENSITIVE, type) as ReadonlyMap<string, SensitiveOptions> | undefined) ?? new Map();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
