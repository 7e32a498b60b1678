import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot, stateDirectory } from './repository';

/** The file where test files record what they waited for, one JSON document per line. */
export const timeSpentFile = join(stateDirectory, 'tests/time-spent.jsonl');

export interface TimeSpent {
  readonly file: string;
  /** The name of the wait, without its numbers and ids. */
  readonly what: string;
  readonly seconds: number;
}

const spent = new Map<string, number>();
let isTiming = false;

/**
 * Measures a wait for `npm run test:times`; nested waits are part of it. Nothing is written until {@link
 * noteTimeSpent}.
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

/** Appends the waits of this test file to {@link timeSpentFile}. */
export function noteTimeSpent(testFile: string): void {
  const file = relative(repositoryRoot, testFile);
  const lines = [...spent]
    .filter(([, ms]) => ms >= 100)
    .map(([what, ms]) => JSON.stringify({ file, what, seconds: ms / 1_000 } satisfies TimeSpent));
  if (lines.length === 0) return;
  mkdirSync(dirname(timeSpentFile), { recursive: true });
  appendFileSync(timeSpentFile, `${lines.join('\n')}\n`);
}
