import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of this repository, found from the source and from the build. */
export const repositoryRoot = folderHolding('nest-cli.json', __dirname);

/** The module to preload with `node -r`, so that Node runs the TypeScript of this repository. */
export const runTypescript = join(repositoryRoot, 'libs/test-support/src/processes/run-typescript.js');

/** The directory of all files that a running system creates; git-ignored, and safe to delete while nothing runs. */
export const stateDirectory = join(repositoryRoot, '.palinode');

function folderHolding(file: string, from: string): string {
  if (existsSync(join(from, file))) return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error(`No ${file} above ${__dirname}: run Palinode from a checkout of its repository.`);
  return folderHolding(file, parent);
}
