import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** The user that PostgreSQL runs as. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who must own PostgreSQL's data: undefined for whoever runs this.
 *
 * PostgreSQL refuses to run as root, so root lends it the ids of nobody; no user is added to the machine.
 */
export function postgresOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const nobody = existsSync('/etc/passwd')
    ? /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
    : null;
  return { uid: Number(nobody?.[1] ?? 65_534), gid: Number(nobody?.[2] ?? 65_534) };
}

/**
 * The wanted directory where the owner can reach it, else one in the system's temporary directory that stands for it.
 *
 * Other users are let pass through (not list) a folder that `mkdtemp` has made for this user alone, so that data in a
 * temporary directory are removed with it.
 */
export function reachableDirectory(wanted: string, owner: Owner | undefined): string {
  const directory = resolve(wanted);
  if (owner) letPass(dirname(directory));
  if (!owner || isReachable(dirname(directory))) return directory;
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const standIn = join(tmpdir(), `palinode-${basename(directory)}-${name}`);
  claimDirectory(standIn);
  return standIn;
}

/**
 * Makes a directory that other users may pass and none may write to. One that is there is taken only when this user made it:
 * its name can be guessed, so somebody else may have put links or programs of his own into it.
 *
 * @throws when it is another user's, a link, or one that others may write to.
 */
export function claimDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o711 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (isOwn(path)) return chmodSync(path, 0o711);
  throw new Error(`${path} is not a directory of this user alone: look at what it holds, remove it, and start again.`);
}

/** Whether this is a directory, no link, that this user owns and nobody else may write to. */
export function isOwn(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

function letPass(folder: string): void {
  if (!folder.startsWith(join(tmpdir(), sep))) return;
  letPass(dirname(folder));
  if (!isOwn(folder)) return;
  const { mode } = lstatSync(folder);
  if ((mode & 0o001) === 0) chmodSync(folder, mode | 0o001);
}

/** Whether any user may read and enter (or execute) this path; of folders that do not exist yet only the parents count. */
export function isReachable(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & 0o001) === 0) return false;
  return dirname(path) === path || isReachable(dirname(path));
}
