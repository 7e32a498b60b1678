import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { timeSpentFile } from '@palinode/test-support/time-spent';
import { rmSync } from 'node:fs';
import { chosen, type Suite } from './suites';
import { type Count, runSuite, sum, verdict } from './test-runs';

const USAGE = `Usage: npm test -- [suites...] [flags of jest...]

Runs suites of tests one after another: unit, integration and shop when none is named, "rest" for the others, "all" for all.
Flags go to jest: npm test -- integration --testPathPatterns apps/order`;

/** `npm test`: see docs/testing.md. The last line counts the tests. */
function main(): void {
  if (process.argv.includes('--help')) return console.log(USAGE);
  const { suites, flags } = chosen(process.argv.slice(2));
  const startedAt = Date.now();
  rmSync(timeSpentFile, { force: true });
  const runs = suites.map((suite) => ({ suite, ...timed(() => runSuite(suite, flags)) }));
  const missing = suites.some(({ name }) => name === 'kafka') ? ApacheKafka.missing() : undefined;
  if (missing) console.log(`The tests against Apache Kafka were not run. ${missing}`);
  const needed = missing && process.env.CI === 'true' ? [{ passed: 0, failed: 1, skipped: 0 }] : [];
  console.log('');
  for (const run of runs) console.log(summary(run));
  console.log(`${'all'.padEnd(12)}${seconds(Date.now() - startedAt).padStart(10)}`);
  const { line, ok } = verdict(sum([...runs.map(({ result }) => result), ...needed]));
  console.log(line);
  process.exitCode = ok ? 0 : 1;
}

function timed<T>(work: () => T): { result: T; ms: number } {
  const startedAt = Date.now();
  return { result: work(), ms: Date.now() - startedAt };
}

function summary({ suite, result, ms }: { suite: Suite; result: Count; ms: number }): string {
  return `${suite.name.padEnd(12)}${seconds(ms).padStart(10)}  ${verdict(result).line}: ${suite.says}`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

main();
