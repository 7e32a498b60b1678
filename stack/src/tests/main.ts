import { chosen } from './suites';
import { conclude, runSuites, type SuiteRun, verdict } from './test-runs';

const USAGE = `Usage: npm test -- [suites...] [flags of jest...]

Runs suites of tests one after another: unit, integration and shop when none is named, "rest" for the others, "all" for all.
Flags go to jest: npm test -- integration --testPathPatterns apps/order`;

/** `npm test`: see docs/testing.md. The last line of its output counts the tests. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(USAGE);
  const { suites, flags } = chosen(process.argv.slice(2));
  const startedAt = Date.now();
  const runs = await runSuites(suites, flags);
  console.log('');
  for (const run of runs) console.log(summary(run));
  console.log(`${'all'.padEnd(12)}${seconds(Date.now() - startedAt).padStart(10)}`);
  conclude(runs.map(({ count }) => count));
}

function summary({ suite, count, ms }: SuiteRun): string {
  return `${suite.name.padEnd(12)}${seconds(ms).padStart(10)}  ${verdict(count).line}: ${suite.says}`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

void main();
