/*
 * `npm run fuzz -- --minutes 60`: sends messages of every kind, mended and broken, to every topic of the shop, while other orders
 * go on, and fails when one of them stops anything. `--seed` repeats what is sent; `--replay FILE` sends again what a failed
 * run has written.
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
  .option('--messages <number>', 'after how many to stop earlier', wholeNumber(1), Number.MAX_SAFE_INTEGER)
  .option('--round <number>', 'after how many to look whether all is well', wholeNumber(1), 400)
  .option('--within <seconds>', 'how soon all must be well after a round', numberFrom(1), 60)
  .option('--seed <number>', 'the same seed, the same messages', wholeNumber(), Date.now() % 1_000_000)
  .option('--broker <kind>', brokerKinds.join(' or '), oneOf(...brokerKinds), 'embedded')
  .option(
    '--shrink-minutes <number>',
    'how long to look for the smallest part of a round that fails',
    numberFrom(0),
    15,
  )
  .option('--write <file>', 'where to write what a round that fails has sent', 'fuzz-failure.jsonl')
  .option('--replay <file>', 'send what is in this file, and nothing else')
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

/** What a shop of their own has of these messages. */
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
    `All ${messages.length} messages of the round are in ${options.write}. Looking for the smallest part of them.`,
  );
  const endsAt = Date.now() + options.shrinkMinutes * 60_000;
  const fails = async (part: readonly FuzzMessage[]): Promise<boolean> => (await problemsOf(part)).length > 0;
  if (options.shrinkMinutes === 0) return;
  if (!(await fails(messages)))
    return console.error('They do no harm to a new shop: it took those of earlier rounds, too.');
  const smallest = await shrink(messages, fails, () => Date.now() > endsAt);
  writeFileSync(options.write, toFile(smallest));
  console.error(`These ${smallest.length} do it alone; npm run fuzz -- --replay ${options.write}`);
  for (const message of smallest) console.error(described(message));
}

void main();
