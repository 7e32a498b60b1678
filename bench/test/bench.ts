/*
 * Every subcommand runs through, as briefly as it can, and prints what its documentation says. The figures themselves are not
 * judged: a second of load is too short for that.
 */
import { repositoryRoot } from '@palinode/test-support/repository';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = join(repositoryRoot, 'dist/bench/src/main.js');

/** Where a command under test writes its files; removed when the tests of the file have ended. */
export const directory = mkdtempSync(join(tmpdir(), 'palinode-measurements-'));
const json = join(directory, 'figures.json');
export const plans = join(directory, 'plans.md');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Resolves with what it prints, and with what it says meanwhile; rejects when it fails. */
export async function bench(...args: string[]): Promise<{ printed: string; told: string }> {
  const { stdout, stderr } = await run(process.execPath, [program, ...args, '--json', json], { maxBuffer: 2 ** 26 });
  return { printed: stdout, told: stderr };
}

export const rowOf = (first: string): RegExp => new RegExp(`^\\| +${first} +\\|.*\\d`, 'm');

/** What the last command wrote as JSON. */
export const figures = (): Record<string, unknown> => JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;
