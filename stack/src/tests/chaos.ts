import { commandLine } from '@palinode/test-support/command-line';
import { suiteNamed } from './suites';
import { conclude, countsOf, runGroups } from './test-runs';

/** `npm run chaos`: the long run of all tests in test/chaos; `KILLS`, `COMMITS` and `SEED` change it. */
async function main(): Promise<void> {
  commandLine('npm run chaos --', 'The long run of all tests in test/chaos: some hours.')
    .addHelpText('after', '\nKILLS, COMMITS and SEED in the environment change it.')
    .parse();
  process.env['CHAOS'] = 'long';
  conclude(countsOf(await runGroups(suiteNamed('chaos'), [])));
}

void main();
