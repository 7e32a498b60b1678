import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this repository, found from the source and from the build alike. */
export const repositoryRoot = folderHolding('nest-cli.json', __dirname);

/** Preloaded with `node -r`, it lets Node run the TypeScript of this repository. */
export const runTypescript = join(repositoryRoot, 'libs/test-support/src/processes/run-typescript.js');

/** Where everything lives that running the system leaves behind; git-ignored and safe to delete while nothing runs. */
export const stateDirectory = join(repositoryRoot, '.palinode');

function folderHolding(file: string, from: string): string {
  if (existsSync(join(from, file))) return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error(`No ${file} above ${__dirname}: run Palinode from a checkout of its repository.`);
  return folderHolding(file, parent);
}
