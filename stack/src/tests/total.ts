import { readReport } from './report';
import { suites } from './suites';
import { conclude, counted } from './test-runs';

/** In characters; enough for the first failed tests of a file. */
const LONGEST = 4_000;

/**
 * Repeats the failures of the last runs, because they may be thousands of lines above, then prints the total of all
 * suites. A suite that did not run counts as failed.
 */
for (const { name } of suites) {
  const report = readReport(name);
  if (report === undefined) console.log(`--- ${name} did not finish`);
  for (const { file, message } of report?.failures ?? [])
    console.log(`--- ${name} failed in ${file}\n${message.slice(0, LONGEST)}`);
}
conclude(suites.map(({ name }) => counted(readReport(name), readReport(name) ? 0 : 1)));
