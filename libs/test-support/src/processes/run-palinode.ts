import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot, runTypescript } from '../repository';

const PROGRAM = join(repositoryRoot, 'packages/cli/src/main.ts');

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command `palinode` in a process of its own, with nothing of this process's environment but the path. */
export function runPalinode(
  words: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['-r', runTypescript, PROGRAM, ...words],
      { env: { PATH: process.env['PATH'], ...env }, cwd },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}
