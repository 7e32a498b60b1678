import { commandLine, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { availableParallelism, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { suiteNamed, suites } from './suites';
import { conclude, type Count, countsOf, runGroups, sum, verdict } from './test-runs';

const LOWEST_PRIORITY = 19;

const { rounds, hogNice, suite, files } = commandLine(
  'npm run test:stress --',
  'Runs a suite again and again at the lowest priority, beside a busy loop on each core: a test that fails here depends on how fast the machine is.',
)
  .option('--rounds <number>', 'the number of runs', wholeNumber(1), 10)
  .option('--suite <name>', 'which', oneOf(...suites.map(({ name }) => name)), 'integration')
  .option(
    '--hog-nice <number>',
    'the niceness of the busy loops: 0 leaves the tests a twentieth of the machine',
    wholeNumber(),
    0,
  )
  .option('--files <pattern>', 'only test files whose path matches')
  .parse()
  .opts();

async function main(): Promise<void> {
  // In threads of this session: between sessions, Linux may divide the cores without regard to niceness.
  const hog = `require('node:os').setPriority(${hogNice}); for (;;);`;
  const hogs = Array.from({ length: availableParallelism() }, () => new Worker(hog, { eval: true }));
  setPriority(LOWEST_PRIORITY);
  const flags = files === undefined ? [] : ['--testPathPatterns', files];
  const counts: Count[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const run of await runGroups(suiteNamed(suite), flags)) {
      const count = sum(countsOf([run]));
      counts.push(count);
      console.log(`round ${round} of ${rounds}: ${verdict(count).line}, ${(run.ms / 1_000).toFixed(0)} s`);
    }
  }
  conclude(counts);
  await Promise.all(hogs.map((each) => each.terminate()));
}

void main();
