/*
 * Search attributes as they are stored: `customerId=ada`, and of a sensitive one `paymentToken~4242~` with a keyed hash, by
 * which equal values are found. What was entered cannot be read from it; it can be guessed only by who has the key.
 */
import { createHmac } from 'node:crypto';
import type { SearchAttribute } from '../contract';

/** Values shorter than twice this show none of their characters. */
const SHOWN = 4;
const HASH_BYTES = 16;

/** Separates attributes in the column of a saga; values hold no control characters. */
export const SEPARATOR_CODE = 31;
export const SEPARATOR = String.fromCodePoint(SEPARATOR_CODE);

const HASHED = /^~.{0,4}~[\w-]{22}$/su;

export interface StoredAttribute {
  readonly name: string;
  /** `=` and the value, or `~` and what stands for a sensitive one. */
  readonly value: string;
}

/** @param key the orchestrator's search key, needed when an attribute is sensitive */
export function storedAttributes(attributes: readonly SearchAttribute[], key: Buffer | undefined): StoredAttribute[] {
  return attributes.flatMap(({ name, values, sensitive }) =>
    values.map((value) => ({ name, value: sensitive ? hashed(name, value, key) : plain(value) })),
  );
}

export function plain(value: string): string {
  return `=${value}`;
}

/** What stands for a sensitive value; itself when it is that already. */
export function hashed(name: string, value: string, key: Buffer | undefined): string {
  if (HASHED.test(value)) return value;
  if (key === undefined) throw new Error(`The sensitive attribute ${name} needs the search key.`);
  const hash = createHmac('sha256', key).update(`${name}\0${value}`).digest().subarray(0, HASH_BYTES);
  return `~${value.length < 2 * SHOWN ? '' : value.slice(-SHOWN)}~${hash.toString('base64url')}`;
}

/** Reads the column of a saga; of sensitive values only the last characters. */
export function shownAttributes(stored: string | null): SearchAttribute[] {
  const found = new Map<string, { values: string[]; sensitive: boolean }>();
  for (const text of stored?.split(SEPARATOR) ?? []) {
    const { name, kind, rest } = /^(?<name>[\w-]+)(?<kind>[=~])(?<rest>.*)$/u.exec(text)?.groups ?? {};
    if (name === undefined || rest === undefined) continue;
    const sensitive = kind === '~';
    const attribute = found.get(name) ?? { values: [], sensitive };
    attribute.values.push(sensitive ? `…${rest.slice(0, rest.lastIndexOf('~'))}` : rest);
    found.set(name, attribute);
  }
  return [...found].map(([name, attribute]) => ({ name, ...attribute }));
}
