import { repositoryRoot } from '@palinode/test-support/repository';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readReport, removeReport, type SuiteReport } from './report';
import type { Suite } from './suites';

export type Count = Pick<SuiteReport, 'passed' | 'failed' | 'skipped'>;

const JEST = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
const REPORTER = join(repositoryRoot, 'dist/stack/src/tests/progress-reporter.js');

/** Runs a suite, its progress visible, and counts its tests. */
export function runSuite({ name, workers }: Suite, flags: readonly string[]): Count {
  removeReport(name);
  const { status } = spawnSync(
    process.execPath,
    [
      JEST,
      ...flags,
      '--selectProjects',
      name,
      '--passWithNoTests',
      '--reporters',
      REPORTER,
      workers === 1 ? '--runInBand' : `--maxWorkers=${workers}`,
    ],
    { cwd: repositoryRoot, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return counted(readReport(name), status);
}

/** jest may also fail without a failed test, for instance when something is left open at the end, or before any test. */
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

/** The closing line and whether the runs as a whole have succeeded: nothing failed, and something ran. */
export function verdict({ passed, failed, skipped }: Count): { line: string; ok: boolean } {
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { line, ok: failed === 0 && passed > 0 };
}
