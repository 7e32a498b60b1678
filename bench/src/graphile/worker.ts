/*
 * One durable job of Graphile Worker a saga: the job is added in the transaction of the order's row, and does one step after
 * the other, each in a transaction of its own. Orders and jobs are one process: no message has to tell that a saga ended.
 */
import { consoleLogFactory, Logger, run } from 'graphile-worker';
import { Pool } from 'pg';
import { CLOSE, DECLINED, RELEASE, TABLES, type BenchOrder } from '../effects';
import { finished, untilFinished } from '../finished';
import { drive, type LoadOptions } from '../load';
import { placeInGroups, placeSingly } from './place';
import { CHARGE_ONCE, RESERVE_ONCE } from './repeatable';

const CONNECTIONS = 64;

/** What its documentation recommends for many short jobs; more or fewer at once, and other delays, were not faster. */
const SETTINGS = {
  concurrentJobs: CONNECTIONS,
  localQueue: { size: CONNECTIONS + 1 },
  completeJobBatchDelay: 25,
  failJobBatchDelay: 25,
};

const names = ['order', 'stock', 'payment'] as const;
const pools = Object.fromEntries(
  names.map((name) => [
    name,
    new Pool({ connectionString: process.env[`DATABASE_URL_${name.toUpperCase()}`], max: CONNECTIONS }),
  ]),
) as Record<(typeof names)[number], Pool>;

async function buy(payload: unknown): Promise<void> {
  const { orderId, sku, quantity, amountCents, token } = payload as BenchOrder;
  await step('stock', 'reserve', RESERVE_ONCE, [orderId, sku, quantity]);
  const declined = token === DECLINED;
  await step('payment', 'charge', CHARGE_ONCE, [orderId, amountCents, declined ? 'DECLINED' : 'AUTHORIZED']);
  if (declined) await step('stock', 'release', RELEASE, [orderId]);
  await step('order', 'close', CLOSE, [orderId, declined ? 'REJECTED' : 'APPROVED']);
  finished(orderId);
}

async function step(database: (typeof names)[number], name: string, text: string, values: unknown[]): Promise<void> {
  await pools[database].query({ name, text, values });
}

/** Says what goes wrong, and nothing of each job. */
const logger = new Logger((scope) => {
  const log = consoleLogFactory(scope);
  return (level, message) => (['warning', 'error'].includes(level) ? log(level, message) : undefined);
});

async function main(): Promise<void> {
  for (const name of names) {
    pools[name].on('error', console.error).on('connect', (client) => client.on('error', console.error));
    await pools[name].query(TABLES[name]);
  }
  await run({ pgPool: pools.order, taskList: { buy }, preset: { worker: SETTINGS }, logger, noHandleSignals: true });
  const place = (process.env['BENCH_PLACE'] === 'groups' ? placeInGroups : placeSingly)(pools.order);
  const order = async (each: BenchOrder): Promise<void> => {
    const end = untilFinished(each.orderId);
    await place(each);
    await end;
  };
  process.on('disconnect', () => process.exit(1));
  process.on('message', (options: LoadOptions) => void drive(options, order).then((result) => process.send?.(result)));
  process.send?.('ready');
}

void main();
