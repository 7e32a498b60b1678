/*
 * `npm run recovery`: how long the shop needs until an order goes through again after a part of it was killed (SIGKILL) and
 * started at once, and how long to see through what piled up while a participant was down.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ApacheKafka } from '../../stack/src/apache-kafka/apache-kafka';
import { Stack } from '../../stack/src/launcher/stack';
import { machine } from './measure/machine';
import { pileUp, type Backlog } from './recovery/backlog';
import { median, PARTS, recoveriesOf, worst, type Part, type Recovery } from './recovery/rounds';
import { Shop } from './shop/shop';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    parts: { type: 'string', default: PARTS.join(',') },
    brokers: { type: 'string', default: 'embedded,apache' },
    backlog: { type: 'string', default: '10000' },
    json: { type: 'string' },
  },
});

type BrokerKind = 'embedded' | 'apache';

const rounds = Number(options.rounds);
const parts = options.parts.split(',').map(partNamed);

async function main(): Promise<void> {
  const recoveries: Recovery[] = [];
  let backlog: Backlog | undefined;
  for (const broker of options.brokers.split(',') as BrokerKind[]) {
    const missing = broker === 'apache' ? ApacheKafka.missing() : undefined;
    if (missing !== undefined) {
      console.error(`Apache Kafka is left out: ${missing}`);
      continue;
    }
    await withShop(broker, async (shop) => {
      // Beside Apache Kafka only its own restart is another matter.
      const wanted = broker === 'apache' ? parts.filter((part) => part === 'broker') : parts;
      for (const part of wanted) recoveries.push(await measure(shop, broker, part));
      const orders = Number(options.backlog);
      if (broker === 'embedded' && orders > 0) backlog = await pileUp(shop, 'payment', orders);
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
  const recovery = { part: name, seconds: await recoveriesOf(shop, part, rounds) };
  console.error(`${name}: ${recovery.seconds.map((each) => each.toFixed(2)).join(' ')}`);
  return recovery;
}

function partNamed(name: string): Part {
  const part = PARTS.find((each) => each === name);
  if (part === undefined) throw new Error(`There is no ${name}; --parts takes some of ${PARTS.join(',')}.`);
  return part;
}

function print(recoveries: readonly Recovery[], backlog: Backlog | undefined): void {
  console.log(`${machine()}; load average ${loadavg()[0]?.toFixed(1)}; ${rounds} rounds\n`);
  console.log('| killed and started at once | an order goes through after: p50 | worst |');
  console.log('| --- | --- | --- |');
  for (const { part, seconds } of recoveries)
    console.log(`| ${part} | ${median(seconds).toFixed(2)} s | ${worst(seconds).toFixed(2)} s |`);
  if (backlog === undefined) return;
  const { orders, piledUpSeconds, drainSeconds, approved, rejected } = backlog;
  console.log(
    `\n${orders} orders, taken within ${piledUpSeconds.toFixed(0)} s while payment was down, had all ended ` +
      `${drainSeconds.toFixed(1)} s after its start: ${(orders / drainSeconds).toFixed(0)} a second, ` +
      `${approved} approved, ${rejected} rejected.`,
  );
}

void main();
