import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The new text of a file, formatted, unless the old text was not. */
export type Formatter = (file: string, before: string | undefined, after: string) => Promise<string>;

/** Formats with the prettier of a workspace and its settings; leaves texts as they are where there is none. */
export function formatterOf(root: string): Formatter {
  const prettier = prettierOf(root);
  if (prettier === undefined) return (_file, _before, after) => Promise.resolve(after);
  return async (file, before, after) => {
    const options = { ...(await prettier.resolveConfig(file, { editorconfig: true })), filepath: file };
    const wasFormatted = before === undefined || (await prettier.check(before, options));
    return wasFormatted ? prettier.format(after, options) : after;
  };
}

function prettierOf(root: string): typeof import('prettier') | undefined {
  const require = createRequire(join(root, 'package.json'));
  try {
    return require('prettier') as typeof import('prettier');
  } catch {
    return undefined;
  }
}
