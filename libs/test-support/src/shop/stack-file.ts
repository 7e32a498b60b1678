import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../processes/left-over';
import type { ServiceName } from './services';

/** What `.palinode/stack.json` says while a stack runs, for the command line, tests and benches. */
export interface StackDescription {
  readonly pid: number;
  readonly services: Record<ServiceName, { url: string; pid: number | undefined; adminUrl?: string }>;
  readonly databases: Record<ServiceName, string>;
  readonly brokers: readonly string[];
}

/** Writes the description as a whole or not at all. */
export async function describeStack(directory: string, description: StackDescription): Promise<void> {
  const file = join(directory, 'stack.json');
  await writeFile(`${file}.new`, `${JSON.stringify(description, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

export class StackRunningError extends Error {
  override readonly name = 'StackRunningError';

  constructor(directory: string, pid: number) {
    super(`A stack runs in ${directory} already, started by process ${pid}; stop it first (Ctrl-C, or kill ${pid}).`);
  }
}

/** Makes this process the only one that runs a stack in this directory; throws a StackRunningError when another does. */
export async function claim(directory: string): Promise<void> {
  const file = join(directory, 'stack.pid');
  for (;;) {
    const claimed = await writeFile(file, `${process.pid}\n`, { flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        return false;
      },
    );
    if (claimed) break;
    const owner = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (owner > 0 && (await isLauncher(owner))) throw new StackRunningError(directory, owner);
    await rm(file, { force: true });
  }
  await rm(join(directory, 'stack.json'), { force: true });
}

export async function release(directory: string): Promise<void> {
  await Promise.all(['stack.json', 'stack.pid'].map((name) => rm(join(directory, name), { force: true })));
}

/** A killed launcher's number may belong to a stranger by now. */
async function isLauncher(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'node');
  return commandLine.includes('node') || commandLine.includes('jest');
}
