import type { AggregatedResult, Test, TestResult } from '@jest/reporters';
import { repositoryRoot } from '@palinode/test-support/repository';
import { relative } from 'node:path';
import { type Failure, type FileTime, writeReport } from './report';

/** Long enough that a slow machine does not change the result. */
const GRACE_MS = 600_000;

/**
 * The jest reporter of `npm test`. Prints each file with its time when it ends, and failures at once with the file's
 * output. Drops the output of passing tests, except the reasons of skipped ones. Writes the suite's report at the end.
 */
export default class ProgressReporter {
  private readonly files: FileTime[] = [];
  private readonly failures: Failure[] = [];
  private readonly suite = process.env['PALINODE_SUITE'] ?? '';

  onTestFileResult(_test: Test, result: TestResult, { numTotalTestSuites }: AggregatedResult): void {
    const time = timeOf(result);
    this.files.push(time);
    const failed = result.numFailingTests > 0 || result.testExecError !== undefined;
    const count = `${this.files.length} of ${numTotalTestSuites}`;
    const seconds = `${time.seconds.toFixed(1)} s`;
    const line = `${this.suite.padEnd(12)}${count.padStart(10)}${seconds.padStart(10)}  ${time.file}`;
    console.log(failed ? `${line}  FAILED\n${detailsOf(result)}` : line);
    if (failed) this.failures.push({ file: time.file, message: messageOf(result) });
    if (!failed && result.numPendingTests > 0) for (const reason of printedBy(result)) console.log(reason);
  }

  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    const { numPassedTests: passed, numPendingTests: skipped, numFailedTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    writeReport(this.suite, { passed, failed, skipped, files: this.files, failures: this.failures });
    // When a test has left a resource open, jest would never end.
    setTimeout(() => {
      console.error(
        `A resource that the ${this.suite} tests left open keeps jest running; find it with npx jest --detectOpenHandles`,
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
