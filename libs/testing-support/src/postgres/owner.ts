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
 * The user who must own PostgreSQL's data; undefined for the present user.
 *
 * PostgreSQL does not run as root, so root runs it with the ids of the user nobody; no user is added to the machine.
 */
export function postgresOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const nobody = existsSync('/etc/passwd')
    ? /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
    : null;
  return { uid: Number(nobody?.[1] ?? 65_534), gid: Number(nobody?.[2] ?? 65_534) };
}

/**
 * The wanted directory if the owner can reach it, otherwise a directory in the system's temporary directory.
 *
 * A directory that `mkdtemp` has created for this user is opened to other users for passing, not for listing, so that
 * data in a temporary directory are removed with it.
 */
export function reachableDirectory(wanted: string, owner: Owner | undefined): string {
  const directory = resolve(wanted);
  if (owner) allowPassing(dirname(directory));
  if (!owner || isReachable(dirname(directory))) return directory;
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const substitute = join(tmpdir(), `palinode-${basename(directory)}-${name}`);
  claimDirectory(substitute);
  return substitute;
}

/**
 * Creates a directory that other users may pass but not write to. An existing one is used only if this user created it:
 * its name is predictable, so another user may have put links or programs into it.
 *
 * @throws when it belongs to another user, is a link, or is writable for others.
 */
export function claimDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o711 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (isOwn(path)) return chmodSync(path, 0o711);
  throw new Error(`${path} is not a directory of this user alone: check its contents, remove it, and start again.`);
}

/** Whether this is a directory, not a link, that this user owns and no other user may write to. */
export function isOwn(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

function allowPassing(folder: string): void {
  if (!folder.startsWith(join(tmpdir(), sep))) return;
  allowPassing(dirname(folder));
  if (!isOwn(folder)) return;
  const { mode } = lstatSync(folder);
  if ((mode & 0o001) === 0) chmodSync(folder, mode | 0o001);
}

/**
 * Whether any user may read and enter (or execute) this path; for a missing directory, whether its parents permit it.
 */
export function isReachable(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & 0o001) === 0) return false;
  return dirname(path) === path || isReachable(dirname(path));
}
