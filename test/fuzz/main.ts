/*
 * `npm run fuzz -- --minutes 60`: sends valid and invalid messages of every kind to every topic of the shop during
 * other orders, and fails when a message stops anything. `--seed` repeats the messages; `--replay FILE` sends those
 * that a failed run has written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { commandLine, numberFrom, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { brokerKinds } from '@palinode/test-support/kafka/broker';
import { described, fromFile, toFile, type FuzzMessage } from './fuzz-message';
import { FuzzedShop } from './fuzzed-shop';
import { generate } from './generate';
import { grown } from './memory';
import { shrink } from './shrink';

const options = commandLine(
  'npm run fuzz --',
  'Sends messages of every kind to every topic of the shop, and fails when one of them stops anything.',
)
  .option('--minutes <number>', 'how long', numberFrom(0.1), 60)
  .option(
    '--messages <number>',
    'the number of messages after which to stop earlier',
    wholeNumber(1),
    Number.MAX_SAFE_INTEGER,
  )
  .option('--round <number>', 'the number of messages between two checks', wholeNumber(1), 400)
  .option('--within <seconds>', 'the time limit of the checks after a round', numberFrom(1), 60)
  .option('--seed <number>', 'the same seed, the same messages', wholeNumber(), Date.now() % 1_000_000)
  .option('--broker <kind>', brokerKinds.join(' or '), oneOf(...brokerKinds), 'embedded')
  .option(
    '--shrink-minutes <number>',
    'the time limit of the search for the smallest failing part of a round',
    numberFrom(0),
    15,
  )
  .option('--write <file>', 'where to write the messages of a failed round', 'fuzz-failure.jsonl')
  .option('--replay <file>', 'send only the messages of this file')
  .parse()
  .opts();

interface Failure {
  readonly round: number;
  readonly messages: readonly FuzzMessage[];
  readonly problems: readonly string[];
}

async function main(): Promise<void> {
  const failure = options.replay === undefined ? await fuzz() : await replay(options.replay);
  if (failure === undefined) return console.log('Nothing stopped.');
  process.exitCode = 1;
  console.error(`Round ${failure.round} of seed ${options.seed} failed:\n${failure.problems.join('\n')}`);
  if (options.replay === undefined) await tellSmallest(failure);
}

async function fuzz(): Promise<Failure | undefined> {
  console.log(`seed ${options.seed}, ${options.broker} broker`);
  const endsAt = Date.now() + options.minutes * 60_000;
  const shop = await FuzzedShop.start(options.broker, options.within * 1_000);
  try {
    let first = await shop.memoryMb();
    let last = first;
    let failure: Failure | undefined;
    for (
      let round = 0;
      failure === undefined && Date.now() < endsAt && shop.tally.messages < options.messages;
      round += 1
    ) {
      const messages = generate(options.seed, round, options.round, shop.sources);
      const problems = await shop.round(messages);
      last = await shop.memoryMb();
      if (round === 0) first = last;
      problems.push(...grown(first, last));
      const memory = JSON.stringify(last);
      console.log(`${new Date().toISOString()} round ${round}: ${shop.tally.messages} sent, MB: ${memory}`);
      if (problems.length > 0) failure = { round, messages, problems };
    }
    console.log(shop.tally.report(await shop.parked(), shop.endedOrders, first, last));
    return failure;
  } finally {
    await shop.stop();
  }
}

async function replay(file: string): Promise<Failure | undefined> {
  const messages = fromFile(readFileSync(file, 'utf8'));
  const problems = await problemsOf(messages);
  return problems.length === 0 ? undefined : { round: 0, messages, problems };
}

/** Sends these messages to a new shop, and resolves with the problems. */
async function problemsOf(messages: readonly FuzzMessage[]): Promise<string[]> {
  const shop = await FuzzedShop.start(options.broker, options.within * 1_000);
  try {
    return await shop.round(messages);
  } finally {
    await shop.stop();
  }
}

async function tellSmallest({ messages }: Failure): Promise<void> {
  writeFileSync(options.write, toFile(messages));
  console.error(
    `All ${messages.length} messages of the round are in ${options.write}. Searching for the smallest failing part of them.`,
  );
  const endsAt = Date.now() + options.shrinkMinutes * 60_000;
  const fails = async (part: readonly FuzzMessage[]): Promise<boolean> => (await problemsOf(part)).length > 0;
  if (options.shrinkMinutes === 0) return;
  if (!(await fails(messages)))
    return console.error('They do not fail in a new shop: the messages of earlier rounds are needed, too.');
  const smallest = await shrink(messages, fails, () => Date.now() > endsAt);
  writeFileSync(options.write, toFile(smallest));
  console.error(`These ${smallest.length} are enough; repeat with npm run fuzz -- --replay ${options.write}`);
  for (const message of smallest) console.error(described(message));
}

void main();
