import { readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { waitUntil } from '../wait-until';

/** Whether a process with this id exists, of any user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes the id of the process that serves a directory to `file`, for {@link endLeftOver} of a later run. */
export const notePid = (file: string, pid: number): Promise<void> => writeFile(file, `${pid}\n`);

/**
 * Ends the process that `file` names if it still runs and its command line contains `mark`, and removes the file.
 *
 * The mark protects another process that has reused the id since.
 */
export async function endLeftOver(file: string, mark: string): Promise<void> {
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (pid > 0 && isAlive(pid) && commandLine(pid).includes(mark)) {
    process.kill(pid, 'SIGKILL');
    await waitUntil(`the end of the left-over process ${pid}`, () => !isAlive(pid), { deadlineMs: 10_000 });
  }
  await rm(file, { force: true });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Without /proc the process cannot be identified, so leave it alone.
    return '';
  }
}
