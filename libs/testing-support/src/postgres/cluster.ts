import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Child } from '../processes/child';
import { isAlive } from '../processes/left-over';
import { waitUntil } from '../wait-until';
import type { Owner } from './owner';

/** A data directory; "cluster" is PostgreSQL's term. */
export interface Cluster {
  readonly data: string;
  /** The superuser's password, which is generated with the data and stored beside them. */
  readonly secret: string;
}

/** Runs `initdb` unless the directory holds a complete cluster. An incomplete one is created again. */
export async function openCluster(directory: string, binaries: string, owner: Owner | undefined): Promise<Cluster> {
  const data = join(directory, 'data');
  const secretFile = join(directory, 'secret');
  if (!existsSync(data)) await createCluster(directory, secretFile, binaries, owner);
  return { data, secret: (await readFile(secretFile, 'utf8')).trim() };
}

async function createCluster(directory: string, secretFile: string, binaries: string, owner?: Owner): Promise<void> {
  // The owner may pass, and write only to the data: the files beside them are this user's.
  await mkdir(directory, { recursive: true, mode: owner ? 0o711 : 0o700 });
  if ((await lstat(directory)).isSymbolicLink())
    throw new Error(`${directory} is a link; PostgreSQL's data need a directory.`);
  const partial = join(directory, 'data.partial');
  await Promise.all([partial, secretFile].map((path) => rm(path, { recursive: true, force: true })));
  await writeSecret(secretFile, owner);
  await mkdir(partial, { mode: 0o700 });
  if (owner) await chown(partial, owner.uid, owner.gid);
  const locale = localeFor(await majorVersion(binaries));
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secretFile}`];
  const initdb = await Child.start(join(binaries, 'initdb'), [`--pgdata=${partial}`, ...locale, ...access], {
    name: 'initdb',
    directory,
    environment: cleanEnvironment(),
    guarded: true,
    ...owner,
  });
  const { code, signal } = await initdb.ended;
  if (code !== 0) {
    throw new Error(`PostgreSQL could not create its data in ${directory} (${signal ?? code}):\n${initdb.lastLines()}`);
  }
  await rename(partial, join(directory, 'data'));
}

/** The same sorting on every machine; PostgreSQL brings a locale of its own for that since version 17. */
function localeFor(version: number): readonly string[] {
  const builtin = version >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  return ['--encoding=UTF8', '--locale=C', ...builtin];
}

async function majorVersion(binaries: string): Promise<number> {
  const child = await Child.start(join(binaries, 'initdb'), ['--version'], { name: 'initdb --version' });
  await child.ended;
  return Number(/\(PostgreSQL\) (\d+)/.exec(child.lastLines())?.[1] ?? Number.NaN);
}

/** Writes a new file, never through a link that another user has put there. */
async function writeSecret(path: string, owner?: Owner): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(16).toString('hex'));
    if (owner) await file.chown(owner.uid, owner.gid);
  } finally {
    await file.close();
  }
}

/** The environment without variables such as PGDATA or PGOPTIONS, which would change the server's behaviour. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
}

/**
 * Ends the server that a killed run left in the directory, if there is one, and removes its `postmaster.pid`.
 *
 * It is shut down and not reused, because nothing would end it together with this process, and it may be about to end.
 */
export async function endLeftOverServer(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const [pid, directory] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const serverPid = Number(pid);
  if (directory === data && isAlive(serverPid) && (await isPostgres(serverPid))) {
    process.kill(serverPid, 'SIGINT');
    await untilGone(serverPid, 10_000).catch(async () => {
      process.kill(serverPid, 'SIGQUIT');
      await untilGone(serverPid, 10_000);
    });
  }
  await rm(file, { force: true });
}

const untilGone = (pid: number, deadlineMs: number) =>
  waitUntil(`the end of the left-over PostgreSQL ${pid}`, () => !isAlive(pid), { deadlineMs });

async function isPostgres(pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres');
  return commandLine.includes('postgres');
}
