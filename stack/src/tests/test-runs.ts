import { repositoryRoot } from '@palinode/test-support/repository';
import { timeSpentFile } from '@palinode/test-support/time-spent';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { readReport, removeReport, type SuiteReport } from './report';
import type { Suite, SuiteGroup } from './suites';

export type Count = Pick<SuiteReport, 'passed' | 'failed' | 'skipped'>;

export interface SuiteRun {
  readonly suite: Suite;
  readonly count: Count;
}

export interface GroupRun {
  readonly runs: readonly SuiteRun[];
  readonly ms: number;
}

const JEST = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
const REPORTER = join(repositoryRoot, 'dist/stack/src/tests/progress-reporter.js');

/** Runs groups of suites one after another and shows their progress. Passes flags to jest. */
export async function runGroups(groups: readonly SuiteGroup[], flags: readonly string[]): Promise<readonly GroupRun[]> {
  rmSync(timeSpentFile, { force: true });
  const runs: GroupRun[] = [];
  for (const group of groups) {
    const startedAt = Date.now();
    for (const { name } of group.suites) removeReport(name);
    const status = await jest(group, flags);
    const ms = Date.now() - startedAt;
    const reports = group.suites.map((suite) => ({ suite, report: readReport(suite.name) }));
    // An exit code without a failure in any report is a failure of each.
    const blamed = reports.some(({ report }) => (report?.failed ?? 0) > 0) ? 0 : status;
    runs.push({ ms, runs: reports.map(({ suite, report }) => ({ suite, count: counted(report, blamed) })) });
  }
  return runs;
}

export const countsOf = (runs: readonly GroupRun[]): readonly Count[] =>
  runs.flatMap((group) => group.runs.map(({ count }) => count));

/** Resolves with jest's exit code. A signal to this process ends jest, and then this process. */
function jest({ suites, workers }: SuiteGroup, flags: readonly string[]): Promise<number | null> {
  const names = suites.map(({ name }) => name);
  const choice = ['--selectProjects', ...names, '--passWithNoTests', '--reporters', REPORTER];
  const extent = workers === 1 ? '--runInBand' : `--maxWorkers=${workers}`;
  const child = spawn(process.execPath, [JEST, ...flags, ...choice, extent], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Tests that run commands of package.json use the build of this run, as all other tests do.
    env: { ...process.env, PALINODE_SUITES: names.join(), PALINODE_PREPARED: '1' },
  });
  const forward = (signal: NodeJS.Signals): void => {
    child.once('close', () => process.exit(128 + constants.signals[signal]));
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.once(signal, forward);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      for (const signal of SIGNALS) process.off(signal, forward);
      resolve(code);
    }),
  );
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** jest may also fail without a failed test, for example when a resource stays open at the end, or before any test. */
export function counted(report: Count | undefined, status: number | null): Count {
  const { passed, failed, skipped } = report ?? { passed: 0, failed: 0, skipped: 0 };
  return { passed, failed: status === 0 ? failed : Math.max(1, failed), skipped };
}

export function sum(counts: readonly Count[]): Count {
  return counts.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The last line, and whether all runs have succeeded: no test failed, and at least one ran. */
export function verdict({ passed, failed, skipped }: Count): { line: string; ok: boolean } {
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { line, ok: failed === 0 && passed > 0 };
}

/** Prints the last line, and sets the exit code. */
export function conclude(counts: readonly Count[]): void {
  const { line, ok } = verdict(sum(counts));
  console.log(line);
  process.exitCode = ok ? 0 : 1;
}
