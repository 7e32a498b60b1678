import { availableParallelism } from 'node:os';
import { commandLine } from '@palinode/test-support/command-line';
import { checks, type Check } from './checks';
import { verify } from './spin';

/**
 * `npm run model`: lets Spin search the models of the protocol completely, then with each of its rules left out. Fails
 * when a promise does not hold, when a search is incomplete, and when no promise breaks without a rule.
 */
async function main(): Promise<void> {
  commandLine(
    'npm run model --',
    'Lets Spin search the models of the protocol, then with each of its rules left out.',
  ).parse();
  const startedAt = performance.now();
  const left = [...checks];
  const wrong: string[] = [];
  const work = async (): Promise<void> => {
    for (let check = left.shift(); check; check = left.shift()) wrong.push(...(await report(check)));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const mistakes = checks.filter(({ breaks }) => breaks !== undefined).length;
  console.log(`${checks.length - mistakes} complete searches and ${mistakes} mistakes in ${seconds} s.`);
  for (const problem of wrong) console.error(problem);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

/** Runs a check, prints its result, and returns the unexpected ones. */
async function report(check: Check): Promise<string[]> {
  const { words, breaks } = check;
  const { states, depth, seconds, complete, broken } = await verify(check);
  const found = broken ?? (complete ? 'holds' : 'incomplete');
  const figures = `${states} states, depth ${depth}, ${seconds.toFixed(1)} s`;
  console.log(`${words.padEnd(56)} ${found.padEnd(27)} ${figures}`);
  if (found === (breaks ?? 'holds')) return [];
  return [`${words}: ${found}; expected: ${breaks ?? 'holds'}`];
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
