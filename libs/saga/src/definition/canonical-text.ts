/*
 * Writes plain data as lines of text, the same on every machine. It handles any structure, so that a new kind of step
 * needs no change here: names come first, other keys in alphabetical order, undefined values are left out. A class is
 * written as its JSON Schema, any other function as its source.
 */
import { schemaOf, ConfigurationError, type Class } from '../contract';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
type Parts = readonly Plain[] | { readonly [key: string]: Plain };

const FIRST = ['name', 'version', 'kind'];
/** Text that reads the same without quotes. */
const BARE = /^[\w($[{^][^\n]*$/;

export function canonicalText(value: object): string {
  return `${linesOf(plain(value) as Parts).join('\n')}\n`;
}

/** Returns the value with sorted keys, and text in place of functions. */
function plain(value: unknown): Plain {
  if (typeof value === 'function') return isClass(value) ? schema(value) : sourceOf(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([key, part]) => part !== undefined && !isForSearch(key, part));
    return Object.fromEntries(entries.toSorted(byKey).map(([key, part]) => [key, plain(part)]));
  }
  return value as Plain;
}

/** The search attributes of a definition decide nothing about its sagas. */
function isForSearch(key: string, part: unknown): boolean {
  return key === 'attributes' && typeof part === 'function';
}

/** Sorts the fields of a class and its rules, whose order means nothing, and leaves out their documentation. */
function schema(type: Class<object>): Plain {
  const sorted = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(sorted);
    if (typeof part !== 'object' || part === null) return part;
    const { required, ...rest } = part as { required?: unknown };
    const names = Array.isArray(required) ? { required: (required as string[]).toSorted() } : { required };
    const rules = Object.entries({ ...rest, ...names }).filter(([key, each]) => !isRemark(key, each));
    return Object.fromEntries(rules.map(([key, each]) => [key, sorted(each)]));
  };
  return plain(sorted(schemaOf(type)));
}

/** A field may have the same name, but its value is then an object: its schema. */
function isRemark(key: string, value: unknown): boolean {
  return key === 'examples'
    ? Array.isArray(value)
    : ['title', 'description'].includes(key) && typeof value === 'string';
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  const [first, second] = [a, b].map((key) => (FIRST.includes(key) ? `${FIRST.indexOf(key)}` : `_${key}`));
  return (first ?? '') < (second ?? '') ? -1 : 1;
}

function isClass(value: unknown): value is Class<object> {
  return typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');
}

/** Writes a function as its source, on one line and without comments, so that formatting makes no difference. */
function sourceOf(value: unknown): string {
  const text = Function.prototype.toString.call(value);
  if (text.includes('[native code]'))
    throw new ConfigurationError('A bound or built-in function has no source to compare; write a function of its own.');
  return text.replace(COMMENT_STRING_OR_SPACE, (part) => (/^['"`]/.test(part) ? part : ' ')).trim();
}

const COMMENT_STRING_OR_SPACE =
  /(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s)+|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g;

function linesOf(parts: Parts): readonly string[] {
  if (Array.isArray(parts)) return (parts as readonly Plain[]).flatMap(itemLines);
  return Object.entries(parts).flatMap(([key, part]) => {
    const inline = inlineOf(part);
    return inline === undefined ? [`${key}:`, ...indented(linesOf(part as Parts))] : [`${key}: ${inline}`];
  });
}

function itemLines(item: Plain): readonly string[] {
  const inline = inlineOf(item);
  const [first = '', ...rest] = inline === undefined ? linesOf(item as Parts) : [inline];
  return [`- ${first}`, ...indented(rest)];
}

/** True for values that fit on one line: single values, and lists of them. */
function inlineOf(value: Plain): string | undefined {
  if (typeof value === 'string') return BARE.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Object.keys(value).length === 0) return Array.isArray(value) ? '[]' : '{}';
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: Plain) => (typeof item === 'object' && item !== null ? undefined : inlineOf(item)));
  return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
