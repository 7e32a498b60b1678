import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { FOLDERS } from './dependencies';

/** A TypeScript file, by its path from the root of the repository. */
export interface Source {
  readonly path: string;
  readonly tree: ts.SourceFile;
}

export function readSources(root: string): readonly Source[] {
  return readTexts(root).map(({ path, text }) => source(path, text));
}

/** The same files, not parsed. */
export function readTexts(root: string): readonly { readonly path: string; readonly text: string }[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${folder}/${path.replaceAll('\\', '/')}`,
    ),
  )
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules/') && !path.startsWith('bench/peers/'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export function source(path: string, text: string): Source {
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}
