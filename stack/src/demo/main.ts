import { commandLine, oneOf } from '@palinode/test-support/command-line';
import { stateDirectory } from '@palinode/test-support/repository';
import { perform } from './perform';
import { scenarios, type Scenario } from './scenarios';
import { surroundingsIn } from './surroundings';

/** `npm run demo -- NAME`: breaks the running stack in a way that has a name, and tells what came of it. */
async function main(): Promise<void> {
  const known = scenarios.map(({ name, shows }) => `  ${name.padEnd(20)}${shows}`);
  const [scenario] = commandLine('npm run demo --', 'Breaks the stack that npm start runs, and tells what came of it.')
    .argument('<scenario>', 'what breaks, and how', scenarioNamed)
    .addHelpText('after', `\nScenarios:\n${known.join('\n')}`)
    .parse().processedArgs;
  console.log(`${scenario.shows}\n`);
  const story = await perform(scenario, surroundingsIn(stateDirectory));
  console.log(story.join('\n'));
}

function scenarioNamed(name: string): Scenario {
  const chosen = oneOf(...scenarios.map((each) => each.name))(name);
  return scenarios.find((each) => each.name === chosen)!;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
