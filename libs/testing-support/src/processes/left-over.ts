import { readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { waitUntil } from '../wait-until';

/** Whether a process of this number exists, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Notes in `file` which process serves a directory, for {@link endLeftOver} of a later run. */
export const notePid = (file: string, pid: number): Promise<void> => writeFile(file, `${pid}\n`);

/**
 * Ends the process that `file` names when it is still alive and its command line contains `mark`, and removes the file.
 *
 * The mark keeps it from ending a stranger that was given the number since.
 */
export async function endLeftOver(file: string, mark: string): Promise<void> {
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (pid > 0 && isAlive(pid) && commandLine(pid).includes(mark)) {
    process.kill(pid, 'SIGKILL');
    await waitUntil(`End of the left-over process ${pid}`, () => !isAlive(pid), { deadlineMs: 10_000 });
  }
  await rm(file, { force: true });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // No /proc: the process cannot be told from a stranger, so leave it alone.
    return '';
  }
}
