/* Edits of YAML that leave the rest of a file as it is: they insert text where the parsed document says. */
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { WorkspaceError } from './workspace-error';

/** Adds a block at the end of a map. @throws WorkspaceError when there is no map. */
export function addToMap(path: string, text: string, keys: readonly string[], block: string): string {
  const node = nodeAt(text, keys);
  if (!isMap(node) || !node.range) throw unlike(path, keys, 'a map');
  return insert(text, node.range[1], `\n${block}`);
}

/** Adds an item at the end of a list with a line for each item. @throws WorkspaceError when there is no list. */
export function addToList(path: string, text: string, keys: readonly string[], item: string): string {
  const node = nodeAt(text, keys);
  const last = isSeq(node) ? node.items.at(-1) : undefined;
  if (!isSeq(node) || node.flow || !isScalar(last) || !last.range)
    throw unlike(path, keys, 'a list with a line for each item');
  const start = text.lastIndexOf('\n', last.range[0]) + 1;
  const indentation = /^ */.exec(text.slice(start))?.[0] ?? '';
  return insert(text, last.range[1], `\n${indentation}- ${item}`);
}

/** Adds a word to a text of words. @throws WorkspaceError when there is no text. */
export function addWord(path: string, text: string, keys: readonly string[], word: string): string {
  const node = nodeAt(text, keys);
  if (!isScalar(node) || node.type !== 'PLAIN' || !node.range) throw unlike(path, keys, 'a text without quotes');
  return insert(text, node.range[1], ` ${word}`);
}

function nodeAt(text: string, keys: readonly string[]): unknown {
  return parseDocument(text, { merge: true }).getIn(keys, true);
}

const insert = (text: string, at: number, more: string): string => {
  // The end of a block map is behind its last line break.
  const end = text.slice(0, at).trimEnd().length;
  return `${text.slice(0, end)}${more}${text.slice(end)}`;
};

function unlike(path: string, keys: readonly string[], what: string): WorkspaceError {
  return new WorkspaceError(
    `${path} does not look as expected: ${keys.join('.')} is not ${what}. ` +
      'Restore it as "npm create palinode" has made it, or delete the file if you do not use it.',
  );
}
