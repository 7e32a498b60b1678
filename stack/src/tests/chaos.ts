import { commandLine } from '@palinode/test-support/command-line';
import { suites } from './suites';
import { runSuite, sum, verdict } from './test-runs';

/** `npm run chaos`: the long run of everything in test/chaos; `KILLS`, `COMMITS` and `SEED` change it. */
function main(): void {
  commandLine('npm run chaos --', 'The long run of everything in test/chaos: some hours.')
    .addHelpText('after', '\nKILLS, COMMITS and SEED in the environment change it.')
    .parse();
  process.env['CHAOS'] = 'long';
  const chaos = suites.filter(({ name }) => name === 'chaos');
  const { line, ok } = verdict(sum(chaos.map((suite) => runSuite(suite, []))));
  console.log(line);
  process.exitCode = ok ? 0 : 1;
}

main();
