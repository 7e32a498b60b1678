import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot, stateDirectory } from '@palinode/test-support/repository';

const sources = resolve(__dirname, 'foreign');

/** The first build downloads packages, which may take a while. */
const buildTimeoutMs = 280_000;

/** Runs a command. Throws with its error output when it fails. */
export function run(
  command: string,
  args: readonly string[],
  { input = '', cwd = repositoryRoot, timeout = 280_000 } = {},
) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', input, cwd, timeout });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}: ${stderr}\n${stdout}`);
  return stdout;
}

/** Why a command cannot be used, with the remedy; undefined when it can. */
export function missing(command: string, args: readonly string[], remedy: string): string | undefined {
  return spawnSync(command, args).status === 0 ? undefined : remedy;
}

function filesUnder(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(directory, name)).filter((path) => statSync(path).isFile());
}

/**
 * A directory with the clients of one language, built once: it is kept in the cache under a name that changes with the
 * sources and with `version`. `PALINODE_CACHE` lets several checkouts share it.
 */
export function built(language: string, version: string, commands: readonly (readonly string[])[]): string {
  const hash = createHash('sha256').update(version).update(JSON.stringify(commands));
  for (const path of filesUnder(join(sources, language)).toSorted()) hash.update(readFileSync(path));
  const cache = join(process.env['PALINODE_CACHE'] ?? stateDirectory, 'foreign-clients');
  const directory = join(cache, `${language}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(directory)) return directory;
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, 'building-'));
  try {
    cpSync(join(sources, language), building, { recursive: true });
    for (const [command, ...args] of commands) run(command!, args, { cwd: building, timeout: buildTimeoutMs });
    if (!existsSync(directory)) renameSync(building, directory);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return directory;
}
