/* `npm test`: every ring of tests, one after another, with one closing line that counts them all. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApacheKafka } from './apache-kafka/apache-kafka';
import { repositoryRoot } from './repository';

const RINGS = ['unit', 'integration', 'end-to-end'] as const;

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

/** Runs one ring and returns what jest counted; a suite that cannot even load counts as a failure. */
function run(ring: (typeof RINGS)[number], directory: string): Counts {
  const report = join(directory, `${ring}.json`);
  const jest = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
  // Tests with real parts share two cores with a broker and a database: one file at a time.
  const args = [
    jest,
    '--selectProjects',
    ring,
    '--passWithNoTests',
    '--json',
    '--outputFile',
    report,
    ...(ring === 'unit' ? [] : ['--runInBand']),
  ];
  spawnSync(process.execPath, [...args, ...process.argv.slice(2)], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return JSON.parse(readFileSync(report, 'utf8')) as Counts;
}

function main(): void {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-test-'));
  const counts = RINGS.map((ring) => run(ring, directory));
  rmSync(directory, { recursive: true, force: true });
  const passed = counts.reduce((sum, { numPassedTests }) => sum + numPassedTests, 0);
  const failed = counts.reduce((sum, each) => sum + Math.max(each.numFailedTests, each.numFailedTestSuites), 0);
  const missing = ApacheKafka.missing();
  if (missing) console.log(`The Apache Kafka part was not run: ${missing}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 || (missing && process.env['CI'] === 'true') ? 1 : 0;
}

main();
