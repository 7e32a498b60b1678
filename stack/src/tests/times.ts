import { commandLine, wholeNumber } from '@palinode/test-support/command-line';
import { timeSpentFile, type TimeSpent } from '@palinode/test-support/time-spent';
import { existsSync, readFileSync } from 'node:fs';
import { readReport, type FileTime } from './report';
import { suites } from './suites';

const MAX_WAITS = 3;

const { rows } = commandLine(
  'npm run test:times --',
  'Prints how long each test file took in the last run of its suite, and what it waited for.',
)
  .option('--rows <number>', 'the number of files of each suite, the slowest first', wholeNumber(1), 20)
  .parse()
  .opts();

const waits = readWaits();

for (const { name } of suites) {
  const report = readReport(name);
  if (report === undefined) {
    console.log(`\n${name}: there is no recorded run; run npm test -- ${name}`);
    continue;
  }
  const total = report.files.reduce((sum, { seconds }) => sum + seconds, 0);
  console.log(`\n${name}: ${report.files.length} files, ${total.toFixed(0)} s in total\n`);
  console.log('   total  in tests  tests  file');
  for (const file of report.files.toSorted((a, b) => b.seconds - a.seconds).slice(0, rows)) printTimes(file);
}

function printTimes({ file, seconds, inTests, tests }: FileTime): void {
  console.log(`${cell(seconds, 6)} s${cell(inTests, 8)} s${String(tests).padStart(7)}  ${file}`);
  const longest = waits
    .filter((wait) => wait.file === file)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, MAX_WAITS);
  for (const wait of longest) console.log(`${' '.repeat(27)}${cell(wait.seconds, 6)} s  ${wait.what}`);
}

function readWaits(): readonly TimeSpent[] {
  const lines = existsSync(timeSpentFile) ? readFileSync(timeSpentFile, 'utf8').trim().split('\n') : [];
  return lines.map((line) => JSON.parse(line) as TimeSpent);
}

function cell(seconds: number, width: number): string {
  return seconds.toFixed(1).padStart(width);
}
