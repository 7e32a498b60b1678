import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

interface Holder {
  readonly pid: number;
  /** The start time of the process in the system's units; distinguishes it from a later process with the same id. */
  readonly startedAt: string | null;
}

/** Another running broker uses the directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  constructor(directory: string, pid: number) {
    super(
      `The directory ${directory} is in use by the broker with process id ${pid}; stop it or use another directory.`,
    );
  }
}

const heldHere = new Set<string>();

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The process name may contain anything, so fields are counted from its closing bracket: 22 is the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder, path: string): boolean {
  if (holder.pid === process.pid) return heldHere.has(path);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.startedAt === null || startOf(holder.pid) === holder.startedAt;
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    // Removed, or its writer was killed before it wrote its id.
    return undefined;
  }
}

/** Reserves a directory for one broker. The lock of a process that has ended is taken over. */
export class DirectoryLock {
  private constructor(private readonly path: string) {}

  static take(directory: string): DirectoryLock {
    const path = join(directory, 'lock');
    for (;;) {
      if (tryCreate(path)) {
        heldHere.add(path);
        return new DirectoryLock(path);
      }
      const holder = readHolder(path);
      if (holder && isAlive(holder, path)) throw new DirectoryInUseError(directory, holder.pid);
      setAside(path, holder);
    }
  }

  release(): void {
    heldHere.delete(this.path);
    rmSync(this.path, { force: true });
  }
}

function tryCreate(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  const holder: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
  writeSync(fd, JSON.stringify(holder));
  closeSync(fd);
  return true;
}

/**
 * Removes the lock of a broker that has ended. The rename lets one of several successors win; a lock that turns out to
 * be in use is moved back.
 */
function setAside(path: string, former: Holder | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved && moved.pid !== former?.pid && isAlive(moved, path)) renameSync(aside, path);
  else rmSync(aside, { force: true });
}
