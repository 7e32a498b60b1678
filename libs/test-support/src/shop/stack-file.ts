import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@palinode/testing-support/processes/left-over';
import type { ServiceName } from './services';

/** The content of `.palinode/stack.json` while a stack runs, for the command line, tests and benches. */
export interface StackDescription {
  readonly pid: number;
  readonly services: Record<ServiceName, { url: string; pid: number | undefined; adminUrl?: string }>;
  readonly databases: Record<ServiceName, string>;
  readonly brokers: readonly string[];
}

/** The directories that other users must not read: logs and the broker's messages, which contain customers' data. */
const PRIVATE = ['logs', 'broker', 'apache-kafka-data'];

/**
 * Creates the directories of a stack, which other users of the machine cannot read. Those of root may be passed but not
 * listed, because its PostgreSQL runs as another user.
 */
export async function keepPrivate(directory: string): Promise<void> {
  await makeFolder(directory, process.getuid?.() === 0 ? 0o711 : 0o700);
  await Promise.all(PRIVATE.map((name) => makeFolder(join(directory, name), 0o700)));
}

async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  await chmod(path, mode);
}

/** Writes the description atomically. */
export async function describeStack(directory: string, description: StackDescription): Promise<void> {
  const file = join(directory, 'stack.json');
  // It contains the databases' passwords. The mode applies only to a new file.
  await rm(`${file}.new`, { force: true });
  await writeFile(`${file}.new`, `${JSON.stringify(description, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(`${file}.new`, file);
}

export class StackRunningError extends Error {
  override readonly name = 'StackRunningError';

  constructor(directory: string, pid: number) {
    super(`A stack runs in ${directory} already, started by process ${pid}; stop it first (Ctrl-C, or kill ${pid}).`);
  }
}

/**
 * Reserves this directory for the stack of this process; throws a StackRunningError when another process has reserved
 * it.
 */
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

/** Checks the command line too, because another process may have reused a killed launcher's id. */
async function isLauncher(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'node');
  return commandLine.includes('node') || commandLine.includes('jest');
}
