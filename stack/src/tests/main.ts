import { chosen } from './suites';
import { conclude, countsOf, type GroupRun, runGroups, verdict } from './test-runs';

const USAGE = `Usage: npm test -- [suites...] [flags of jest...]

Runs suites of tests: unit, integration and shop when none is named, "rest" for the others, "all" for all.
Flags go to jest: npm test -- integration --testPathPatterns apps/order`;

/** `npm test`: see docs/testing.md. The last line of its output counts the tests. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(USAGE);
  const { groups, flags } = chosen(process.argv.slice(2));
  const startedAt = Date.now();
  const runs = await runGroups(groups, flags);
  for (const run of runs) console.log(`\n${summary(run)}`);
  console.log(`\n${'all'.padEnd(12)}${seconds(Date.now() - startedAt).padStart(10)}`);
  conclude(countsOf(runs));
}

/** Suites that ran in one go have one time. */
function summary({ runs, ms }: GroupRun): string {
  return runs
    .map(({ suite, count }, index) => {
      const time = index === 0 ? seconds(ms) : '';
      return `${suite.name.padEnd(12)}${time.padStart(10)}  ${verdict(count).line}: ${suite.says}`;
    })
    .join('\n');
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

void main();
