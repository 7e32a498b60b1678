/* The floor: the same effects by prepared statements, one transaction a step, in one process, with nothing between them. */
import { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { CHARGE, CLOSE, DECLINED, PLACE, RELEASE, RESERVE, TABLES, type BenchOrder } from '../effects';
import { drive, type LoadOptions } from '../load';

const names = ['order', 'stock', 'payment'] as const;
const pools = Object.fromEntries(
  names.map((name) => [
    name,
    new Pool({ connectionString: process.env[`DATABASE_URL_${name.toUpperCase()}`], max: 64 }),
  ]),
) as Record<(typeof names)[number], Pool>;

async function buy({ orderId, sku, quantity, amountCents, token }: BenchOrder): Promise<void> {
  await step('order', 'place', PLACE, [orderId, sku, quantity, amountCents]);
  await step('stock', 'reserve', RESERVE, [orderId, sku, quantity]);
  const declined = token === DECLINED;
  await step('payment', 'charge', CHARGE, [uuidV7(), orderId, amountCents, declined ? 'DECLINED' : 'AUTHORIZED']);
  if (declined) await step('stock', 'release', RELEASE, [orderId]);
  await step('order', 'close', CLOSE, [orderId, declined ? 'REJECTED' : 'APPROVED']);
}

async function step(database: (typeof names)[number], name: string, text: string, values: unknown[]): Promise<void> {
  await pools[database].query({ name, text, values });
}

async function main(): Promise<void> {
  for (const name of names) await pools[name].query(TABLES[name]);
  process.on('disconnect', () => process.exit(1));
  process.on('message', (options: LoadOptions) => void drive(options, buy).then((result) => process.send?.(result)));
  process.send?.('ready');
}

void main();
