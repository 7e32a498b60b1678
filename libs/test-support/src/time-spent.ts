import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot, stateDirectory } from './repository';

/** Where test files note what they waited for, one JSON document a line. */
export const timeSpentFile = join(stateDirectory, 'tests/time-spent.jsonl');

export interface TimeSpent {
  readonly file: string;
  /** What was waited for, without the numbers and ids in it. */
  readonly what: string;
  readonly seconds: number;
}

const spent = new Map<string, number>();
let isTiming = false;

/**
 * Counts how long something was waited for, for `npm run test:times`; what is waited for meanwhile is part of it. Nothing is
 * written until {@link noteTimeSpent}.
 */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  if (isTiming) return work();
  isTiming = true;
  const startedAt = performance.now();
  try {
    return await work();
  } finally {
    isTiming = false;
    const kind = what.replace(/[0-9a-f-]{8,}|\d[\d.,]*/g, '…');
    spent.set(kind, (spent.get(kind) ?? 0) + performance.now() - startedAt);
  }
}

/** Adds what this test file has waited for to {@link timeSpentFile}. */
export function noteTimeSpent(testFile: string): void {
  const file = relative(repositoryRoot, testFile);
  const lines = [...spent]
    .filter(([, ms]) => ms >= 100)
    .map(([what, ms]) => JSON.stringify({ file, what, seconds: ms / 1_000 } satisfies TimeSpent));
  if (lines.length === 0) return;
  mkdirSync(dirname(timeSpentFile), { recursive: true });
  appendFileSync(timeSpentFile, `${lines.join('\n')}\n`);
}
