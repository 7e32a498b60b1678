/* The entries of the operator log as lines of text. Both formats have all that the hash of an entry is computed of. */
import type { ChainedEntry } from '../operator-log';

const COLUMNS = [
  'position',
  'at',
  'operator',
  'action',
  'target',
  'targetId',
  'sagaId',
  'seq',
  'bulkActionId',
  'event',
  'id',
  'previous',
  'hash',
] as const satisfies readonly (keyof ChainedEntry)[];

type Pages = AsyncIterable<readonly ChainedEntry[]>;

/** A JSON document a line. `at` is in microseconds since 1970. */
export async function* ndjsonOf(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** Comma-separated values (RFC 4180) with a line of names. */
export async function* csvOf(pages: Pages): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const page of pages)
    yield page.map((entry) => `${COLUMNS.map((column) => cell(entry[column])).join(',')}\r\n`).join('');
}

/** A spreadsheet must not take what somebody wrote for a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
