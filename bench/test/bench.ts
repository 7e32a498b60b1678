/*
 * Runs each subcommand as briefly as possible, and checks its output. The figures are not checked: a second of load is
 * too short.
 */
import { repositoryRoot } from '@palinode/test-support/repository';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = join(repositoryRoot, 'dist/bench/src/main.js');

/** The directory for the commands' files; deleted after the tests of the file. */
export const directory = mkdtempSync(join(tmpdir(), 'palinode-measurements-'));
const json = join(directory, 'figures.json');
export const plans = join(directory, 'plans.md');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Resolves with its standard output and standard error; rejects when it fails. */
export async function bench(...args: string[]): Promise<{ printed: string; progress: string }> {
  const { stdout, stderr } = await run(process.execPath, [program, ...args, '--json', json], { maxBuffer: 2 ** 26 });
  return { printed: stdout, progress: stderr };
}

export const rowOf = (first: string): RegExp => new RegExp(`^\\| +${first} +\\|.*\\d`, 'm');

/** The JSON output of the last command. */
export const figures = (): Record<string, unknown> => JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;
