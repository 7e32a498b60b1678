/*
 * `npm run overload`: what the shop does with half of what it can do, all of it, and twice as much. Orders come at a steady
 * rate, whatever becomes of those before them, and each answer counts from the instant at which its customer came. What counts
 * are ratios within the run. Then a participant stands still, and the others are asked how they do.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { commandLine, listOf, numberFrom, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { brokerKinds } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { machine } from './measure/machine';
import { measurePeak, runLevel, type Level } from './overload/level';
import { brokenPromises, overloadReport } from './overload/report';
import { stopPayment } from './overload/stopped-participant';
import { Shop } from './shop/shop';

const options = commandLine('npm run overload --', 'Measures the shop at half, all and twice of what it can do.')
  .option('--broker <kind>', 'embedded or apache', oneOf(...brokerKinds), 'embedded')
  .option('--seconds <number>', 'how long orders come at a level', numberFrom(1), 30)
  .option('--pending <number>', 'unfinished orders at which the next is turned away', wholeNumber(1), 500)
  .option('--customers <number>', 'how many find the peak', wholeNumber(1), 128)
  .option('--levels <numbers>', 'times the peak', listOf(numberFrom(0)), [0.5, 1, 2])
  .option('--stopped <number>', 'seconds for which payment stands still; 0 leaves it out', numberFrom(0), 15)
  .option('--json <file>', 'where to write the figures')
  .parse()
  .opts();

const WARM_UP_SECONDS = 10;
/** Of the peak, while a participant stands still: others are to be measured, not the limits. */
const CALM = 0.3;

async function withShop<T>(environment: Record<string, string>, work: (shop: Shop) => Promise<T>): Promise<T> {
  const stack = await Stack.start({ broker: options.broker, restartServices: false, environment });
  const shop = new Shop(stack);
  try {
    return await work(shop);
  } finally {
    await shop.close();
    await stack.stop();
  }
}

async function main(): Promise<void> {
  const { seconds, customers, pending } = options;
  const { peak, levels } = await withShop({ PENDING_ORDERS: String(pending) }, async (shop) => {
    await measurePeak(shop, { customers, seconds: WARM_UP_SECONDS });
    const found = await measurePeak(shop, { customers, seconds });
    console.error(`peak: ${found.toFixed(0)} orders a second`);
    const run: Level[] = [];
    for (const times of options.levels) {
      run.push(await runLevel(shop, { name: `${times} × peak`, perSecond: Math.round(times * found), seconds }));
      console.error(JSON.stringify(run.at(-1)));
    }
    return { peak: found, levels: run };
  });
  const calm = { perSecond: Math.max(5, Math.round(CALM * peak)), seconds: options.stopped };
  const stopped = calm.seconds > 0 ? await withShop({}, async (shop) => warmStop(shop, calm)) : undefined;
  const result = { machine: machine(), load: loadavg(), peak, levels, stopped };
  console.log(overloadReport(result, pending));
  const broken = brokenPromises(result);
  for (const promise of broken) console.error(promise);
  process.exitCode = broken.length > 0 ? 1 : 0;
  if (options.json) writeFileSync(options.json, JSON.stringify({ options, ...result }, null, 2));
}

async function warmStop(shop: Shop, calm: { perSecond: number; seconds: number }): ReturnType<typeof stopPayment> {
  await measurePeak(shop, { customers: 16, seconds: WARM_UP_SECONDS });
  return stopPayment(shop, calm);
}

void main();
