/*
 * `npm run overload`: what the shop does with half of what it can do, all of it, and twice as much. Orders come at a steady
 * rate, whatever becomes of those before them, and each answer counts from the instant at which its customer came. What counts
 * are ratios within the run. Then a participant stands still, and the others are asked how they do.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Stack } from '../../stack/src/launcher/stack';
import { machine } from './measure/machine';
import { measurePeak, runLevel, type Level } from './overload/level';
import { brokenPromises, overloadReport } from './overload/report';
import { stopPayment } from './overload/stopped-participant';
import { Shop } from './shop/shop';

const { values: options } = parseArgs({
  options: {
    broker: { type: 'string', default: 'embedded' },
    seconds: { type: 'string', default: '30' },
    pending: { type: 'string', default: '500' },
    customers: { type: 'string', default: '128' },
    levels: { type: 'string', default: '0.5,1,2' },
    stopped: { type: 'string', default: '15' },
    json: { type: 'string' },
  },
});

const WARM_UP_SECONDS = 10;
/** Of the peak, while a participant stands still: others are to be measured, not the limits. */
const CALM = 0.3;

async function withShop<T>(environment: Record<string, string>, work: (shop: Shop) => Promise<T>): Promise<T> {
  const broker = options.broker === 'apache' ? 'apache' : 'embedded';
  const stack = await Stack.start({ broker, restartServices: false, environment });
  const shop = new Shop(stack);
  try {
    return await work(shop);
  } finally {
    await shop.close();
    await stack.stop();
  }
}

async function main(): Promise<void> {
  const seconds = Number(options.seconds);
  const customers = Number(options.customers);
  const { peak, levels } = await withShop({ PENDING_ORDERS: options.pending }, async (shop) => {
    await measurePeak(shop, { customers, seconds: WARM_UP_SECONDS });
    const found = await measurePeak(shop, { customers, seconds });
    console.error(`peak: ${found.toFixed(0)} orders a second`);
    const run: Level[] = [];
    for (const times of options.levels.split(',').map(Number)) {
      run.push(await runLevel(shop, { name: `${times} × peak`, perSecond: Math.round(times * found), seconds }));
      console.error(JSON.stringify(run.at(-1)));
    }
    return { peak: found, levels: run };
  });
  const calm = { perSecond: Math.max(5, Math.round(CALM * peak)), seconds: Number(options.stopped) };
  const stopped = calm.seconds > 0 ? await withShop({}, async (shop) => warmStop(shop, calm)) : undefined;
  const result = { machine: machine(), load: loadavg(), peak, levels, stopped };
  console.log(overloadReport(result, Number(options.pending)));
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
