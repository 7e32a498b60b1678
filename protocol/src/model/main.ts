import { availableParallelism } from 'node:os';
import { commandLine } from '@palinode/test-support/command-line';
import { checks, type Check } from './checks';
import { verify } from './spin';

/**
 * `npm run model`: has Spin search the models of the protocol through and through, then with each of its rules left out.
 * Fails when a promise does not hold, when a search was cut short, and when a rule can be left out unnoticed.
 */
async function main(): Promise<void> {
  commandLine(
    'npm run model --',
    'Has Spin search the models of the protocol, then with each of its rules left out.',
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

/** Verifies, tells, and returns what is not as it must be. */
async function report(check: Check): Promise<string[]> {
  const { words, breaks } = check;
  const { states, depth, seconds, complete, broken } = await verify(check);
  const found = broken ?? (complete ? 'holds' : 'cut short');
  const figures = `${states} states, depth ${depth}, ${seconds.toFixed(1)} s`;
  console.log(`${words.padEnd(56)} ${found.padEnd(27)} ${figures}`);
  if (found === (breaks ?? 'holds')) return [];
  return [`${words}: ${found}; expected: ${breaks ?? 'holds'}`];
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
