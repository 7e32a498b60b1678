import { commandLine, oneOf } from '@palinode/test-support/command-line';
import { stateDirectory } from '@palinode/test-support/repository';
import { runScenario } from './run-scenario';
import { scenarios, type Scenario } from '../../../apps/console/scenarios';
import { findStackContext } from './stack-context';

/** `npm run demo -- NAME`: injects a named fault into the running stack and prints the outcome. */
async function main(): Promise<void> {
  const known = scenarios.map(({ name, shows }) => `  ${name.padEnd(20)}${shows}`);
  const [scenario] = commandLine(
    'npm run demo --',
    'Injects a fault into the stack that npm start runs, and prints the outcome.',
  )
    .argument('<scenario>', 'the fault to inject', scenarioNamed)
    .addHelpText('after', `\nScenarios:\n${known.join('\n')}`)
    .parse().processedArgs;
  console.log(`${scenario.shows}\n`);
  const timeline = await runScenario(scenario, findStackContext(stateDirectory));
  console.log(timeline.join('\n'));
}

function scenarioNamed(name: string): Scenario {
  const chosen = oneOf(...scenarios.map((each) => each.name))(name);
  return scenarios.find((each) => each.name === chosen)!;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
