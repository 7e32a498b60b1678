import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateDirectory } from '@palinode/test-support/repository';

/** How long a test file took, in seconds. */
export interface FileTime {
  readonly file: string;
  readonly seconds: number;
  /** The part of it in the tests themselves; the rest is loading modules, and hooks. */
  readonly inTests: number;
  readonly tests: number;
}

/** The results of a suite's last run. A file that could not be loaded counts as one failed test. */
export interface SuiteReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly files: readonly FileTime[];
  readonly failures: readonly Failure[];
}

/** A test file that failed, and jest's message. */
export interface Failure {
  readonly file: string;
  readonly message: string;
}

const fileOf = (suite: string): string => join(stateDirectory, 'tests', `${suite}.json`);

export function writeReport(suite: string, report: SuiteReport): void {
  mkdirSync(dirname(fileOf(suite)), { recursive: true });
  writeFileSync(fileOf(suite), JSON.stringify(report));
}

/** Undefined when the suite has not run since {@link removeReport}. */
export function readReport(suite: string): SuiteReport | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(suite), 'utf8')) as SuiteReport;
  } catch {
    return undefined;
  }
}

export function removeReport(suite: string): void {
  rmSync(fileOf(suite), { force: true });
}
