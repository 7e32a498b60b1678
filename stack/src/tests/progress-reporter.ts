import type { AggregatedResult, Test, TestResult } from '@jest/reporters';
import { repositoryRoot } from '@palinode/test-support/repository';
import { relative } from 'node:path';
import { type FileTime, type SuiteReport, writeReport } from './report';

/** Long enough that a slow machine does not change the result. */
const GRACE_MS = 600_000;

const NOTHING: SuiteReport = { passed: 0, failed: 0, skipped: 0, files: [], failures: [] };

/**
 * The jest reporter of `npm test`. Prints each file with its time when it ends, and failures at once with the file's
 * output. Drops the output of passing tests, except the reasons of skipped ones. Writes the suites' reports at the end.
 */
export default class ProgressReporter {
  private readonly reports = new Map<string, SuiteReport>(
    (process.env['PALINODE_SUITES'] ?? '').split(',').map((suite) => [suite, NOTHING]),
  );
  private ended = 0;

  onTestFileResult({ context }: Test, result: TestResult, { numTotalTestSuites }: AggregatedResult): void {
    const suite = context.config.displayName?.name ?? '';
    const time = timeOf(result);
    this.ended += 1;
    const unloaded = result.testExecError === undefined ? 0 : 1;
    const failed = result.numFailingTests + unloaded > 0;
    const count = `${this.ended} of ${numTotalTestSuites}`;
    const seconds = `${time.seconds.toFixed(1)} s`;
    const line = `${suite.padEnd(12)}${count.padStart(10)}${seconds.padStart(10)}  ${time.file}`;
    console.log(failed ? `${line}  FAILED\n${detailsOf(result)}` : line);
    if (!failed && result.numPendingTests > 0) for (const reason of printedBy(result)) console.log(reason);
    const before = this.reports.get(suite) ?? NOTHING;
    this.reports.set(suite, {
      passed: before.passed + result.numPassingTests,
      failed: before.failed + result.numFailingTests + unloaded,
      skipped: before.skipped + result.numPendingTests,
      files: [...before.files, time],
      failures: failed ? [...before.failures, { file: time.file, message: messageOf(result) }] : before.failures,
    });
  }

  onRunComplete(): void {
    for (const [suite, report] of this.reports) writeReport(suite, report);
    // When a test has left a resource open, jest would never end.
    setTimeout(() => {
      console.error(
        `A resource that the ${[...this.reports.keys()].join(', ')} tests left open keeps jest running; find it with npx jest --detectOpenHandles`,
      );
      process.exit(1);
    }, GRACE_MS).unref();
  }
}

function timeOf({ testFilePath, perfStats, testResults }: TestResult): FileTime {
  return {
    file: relative(repositoryRoot, testFilePath),
    seconds: (perfStats.end - perfStats.start) / 1_000,
    inTests: testResults.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1_000,
    tests: testResults.length,
  };
}

const messageOf = ({ failureMessage }: TestResult): string => failureMessage ?? 'It failed without a message.';

const detailsOf = (result: TestResult): string => [messageOf(result), ...printedBy(result)].join('\n');

function printedBy({ console: printed }: TestResult): readonly string[] {
  return (printed ?? []).map(({ type, message }) => `  ${type}: ${message.replaceAll('\n', '\n  ')}`);
}
