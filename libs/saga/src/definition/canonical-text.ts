/*
 * Plain data as lines of text, the same on every machine. It walks whatever there is, so that a new kind of step needs no
 * line here: names come first, all other keys in the order of the alphabet, what is undefined not at all. A class stands for
 * its JSON Schema, any other function for its source.
 */
import { schemaOf, ConfigurationError, type Class } from '../contract';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
type Parts = readonly Plain[] | { readonly [key: string]: Plain };

const FIRST = ['name', 'version', 'kind'];
/** What reads the same without quotes. */
const BARE = /^[\w($[{^][^\n]*$/;

export function canonicalText(value: object): string {
  return `${linesOf(plain(value) as Parts).join('\n')}\n`;
}

/** The value with its keys in order, and text in place of functions. */
function plain(value: unknown): Plain {
  if (typeof value === 'function') return isClass(value) ? schema(value) : sourceOf(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(entries.toSorted(byKey).map(([key, part]) => [key, plain(part)]));
  }
  return value as Plain;
}

/** Neither the order of a class's fields nor that of its rules means anything, and what is said about them neither. */
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

/** A field may have the same name, but then an object stands under it: its schema. */
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

/** A function as its source, without comments and on one line, however it was formatted. */
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

/** What fits into one line: anything single, and lists of such. */
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
