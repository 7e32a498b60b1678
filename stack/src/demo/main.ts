import { stateDirectory } from '../repository';
import { perform } from './perform';
import { scenarios } from './scenarios';
import { surroundingsIn } from './surroundings';

/** `npm run demo -- NAME`: breaks the running stack in a way that has a name, and tells what came of it. */
async function main(): Promise<void> {
  const [name] = process.argv.slice(2);
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) {
    const known = scenarios.map((each) => `  ${each.name.padEnd(20)}${each.shows}`);
    throw new Error(`Usage: npm run demo -- SCENARIO, while npm start runs. Scenarios:\n${known.join('\n')}`);
  }
  console.log(`${scenario.shows}\n`);
  const story = await perform(scenario, surroundingsIn(stateDirectory));
  console.log(story.join('\n'));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
