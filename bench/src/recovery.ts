/*
 * `npm run recovery`: how long the shop needs until an order goes through again after a part of it was killed (SIGKILL) and
 * started at once, and how long to see through what piled up while a participant was down.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { commandLine, listOf, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { brokerKinds, type BrokerKind } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { markdownTable } from './markdown-table';
import { machine } from './measure/machine';
import { pileUp, type Backlog } from './recovery/backlog';
import { median, PARTS, recoveriesOf, worst, type Part, type Recovery } from './recovery/rounds';
import { Shop } from './shop/shop';

const options = commandLine('npm run recovery --', 'Measures how long the shop needs after a part of it was killed.')
  .option('--rounds <number>', 'how often each part is killed', wholeNumber(1), 20)
  .option('--parts <names>', 'what is killed', listOf(oneOf(...PARTS)), PARTS)
  .option('--brokers <kinds>', 'embedded, apache', listOf(oneOf(...brokerKinds)), brokerKinds)
  .option('--backlog <number>', 'orders that pile up while payment is down; 0 leaves it out', wholeNumber(), 10_000)
  .option('--json <file>', 'where to write the figures')
  .parse()
  .opts();

async function main(): Promise<void> {
  const recoveries: Recovery[] = [];
  let backlog: Backlog | undefined;
  for (const broker of options.brokers) {
    const missing = broker === 'apache' ? ApacheKafka.missing() : undefined;
    if (missing !== undefined) {
      console.error(`Apache Kafka is left out: ${missing}`);
      continue;
    }
    await withShop(broker, async (shop) => {
      // Beside Apache Kafka only its own restart is another matter.
      const wanted = broker === 'apache' ? options.parts.filter((part) => part === 'broker') : options.parts;
      for (const part of wanted) recoveries.push(await measure(shop, broker, part));
      if (broker === 'embedded' && options.backlog > 0) backlog = await pileUp(shop, 'payment', options.backlog);
    });
  }
  print(recoveries, backlog);
  const result = { machine: machine(), load: loadavg(), recoveries, backlog };
  if (options.json) writeFileSync(options.json, JSON.stringify({ options, ...result }, null, 2));
}

async function withShop(broker: BrokerKind, work: (shop: Shop) => Promise<void>): Promise<void> {
  const environment = { PENDING_ORDERS: '1000000' };
  const stack = await Stack.start({ broker, restartServices: false, environment });
  const shop = new Shop(stack);
  try {
    await work(shop);
  } finally {
    await shop.close();
    await stack.stop();
  }
}

async function measure(shop: Shop, broker: BrokerKind, part: Part): Promise<Recovery> {
  const name = part === 'broker' ? `broker, ${broker}` : part;
  const recovery = { part: name, seconds: await recoveriesOf(shop, part, options.rounds) };
  console.error(`${name}: ${recovery.seconds.map((each) => each.toFixed(2)).join(' ')}`);
  return recovery;
}

function print(recoveries: readonly Recovery[], backlog: Backlog | undefined): void {
  console.log(`${machine()}; load average ${loadavg()[0]?.toFixed(1)}; ${options.rounds} rounds\n`);
  const rows = recoveries.map(({ part, seconds }) => [
    part,
    `${median(seconds).toFixed(2)} s`,
    `${worst(seconds).toFixed(2)} s`,
  ]);
  console.log(markdownTable(['killed and started at once', 'an order goes through after: p50', 'worst'], rows));
  if (backlog === undefined) return;
  const { orders, piledUpSeconds, drainSeconds, approved, rejected } = backlog;
  console.log(
    `\n${orders} orders, taken within ${piledUpSeconds.toFixed(0)} s while payment was down, had all ended ` +
      `${drainSeconds.toFixed(1)} s after its start: ${(orders / drainSeconds).toFixed(0)} a second, ` +
      `${approved} approved, ${rejected} rejected.`,
  );
}

void main();
