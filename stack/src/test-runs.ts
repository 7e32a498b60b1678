import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';

/** How the tests of one or several runs ended. A suite that could not even be loaded counts as one failed test. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs the tests of one jest project, their output visible, and counts them. */
export function runProject(project: string, flags: readonly string[]): Count {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-test-'));
  const outputFile = join(directory, 'result.json');
  try {
    const jest = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
    const { status } = spawnSync(
      process.execPath,
      [jest, ...flags, '--passWithNoTests', '--json', `--outputFile=${outputFile}`, '--selectProjects', project],
      // The results go to the file; on the standard output they would drown the rest.
      { cwd: repositoryRoot, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return count(JSON.parse(readFileSync(outputFile, 'utf8')) as JestResult, status);
  } catch (error) {
    console.error(`jest told no result of the ${project} tests: ${(error as Error).message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** jest may also fail without a failed test, for instance when something is left open at the end. */
export function count(result: JestResult, status: number | null): Count {
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed: status === 0 ? failed : Math.max(1, failed) };
}

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/** The closing line and whether the runs as a whole have succeeded: nothing failed, and something ran. */
export function verdict({ passed, failed }: Count): { line: string; ok: boolean } {
  return { line: `${passed} passed, ${failed} failed`, ok: failed === 0 && passed > 0 };
}
