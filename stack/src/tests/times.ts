import { commandLine, wholeNumber } from '@palinode/test-support/command-line';
import { readReport } from './report';
import { suites } from './suites';

const { rows } = commandLine('npm run test:times --', 'Tells how long each test file took when its suite ran last.')
  .option('--rows <number>', 'how many files of each suite, the slowest first', wholeNumber(1), 20)
  .parse()
  .opts();

for (const { name } of suites) {
  const report = readReport(name);
  if (report === undefined) {
    console.log(`\n${name}: no run is known; npm test -- ${name}`);
    continue;
  }
  const total = report.files.reduce((sum, { seconds }) => sum + seconds, 0);
  console.log(`\n${name}: ${report.files.length} files, ${total.toFixed(0)} s in all of them, one after the other\n`);
  console.log('   total  in tests  tests  file');
  for (const { file, seconds, inTests, tests } of report.files.toSorted((a, b) => b.seconds - a.seconds).slice(0, rows))
    console.log(`${cell(seconds, 6)} s${cell(inTests, 8)} s${String(tests).padStart(7)}  ${file}`);
}

function cell(seconds: number, width: number): string {
  return seconds.toFixed(1).padStart(width);
}
