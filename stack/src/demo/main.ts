import { commandLine, oneOf } from '@palinode/test-support/command-line';
import { stateDirectory } from '@palinode/test-support/repository';
import { leaveIncidents } from './incidents';
import { runScenario } from './run-scenario';
import { scenarios, type Scenario } from '../../../apps/console/scenarios';
import { findStackContext } from './stack-context';

const INCIDENTS = {
  name: 'incidents',
  shows: 'Trouble to practise on: paused sagas, dead letters, a silent participant.',
};

/** `npm run demo -- NAME`: injects a named fault into the running stack and prints the outcome. */
async function main(): Promise<void> {
  const known = [...scenarios, INCIDENTS].map(({ name, shows }) => `  ${name.padEnd(20)}${shows}`);
  const command = commandLine(
    'npm run demo --',
    'Injects a fault into the stack that npm start runs, and prints the outcome.',
  )
    .argument('<scenario>', 'the fault to inject', scenarioNamed)
    .option('--directory <directory>', 'where the stack keeps its data', stateDirectory)
    .addHelpText('after', `\nScenarios:\n${known.join('\n')}`)
    .parse();
  const [scenario] = command.processedArgs;
  const context = findStackContext(command.opts().directory);
  console.log(`${scenario.shows}\n`);
  if (!('end' in scenario)) return leaveIncidents(context, console.log);
  const timeline = await runScenario(scenario, context);
  console.log(timeline.join('\n'));
}

function scenarioNamed(name: string): Scenario | typeof INCIDENTS {
  const all = [...scenarios, INCIDENTS];
  const chosen = oneOf(...all.map((each) => each.name))(name);
  return all.find((each) => each.name === chosen)!;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
