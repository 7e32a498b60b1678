/*
 * One Graphile Worker job per saga: it is added in the transaction of the order's row, and runs one step after the
 * other, each in its own transaction. Orders and jobs share a process, so that no message reports the end of a saga.
 */
import { consoleLogFactory, Logger, run } from 'graphile-worker';
import type { Pool, PoolClient } from 'pg';
import { GroupCommit } from '@palinode/service';
import { CHARGE_ONCE, CLOSE, DECLINED, PLACE, RELEASE, RESERVE_ONCE, TABLES, type BenchOrder } from './effects';
import { finished, serveLoad, untilFinished } from './load';
import { ThreeDatabases } from './one-process';

const CONNECTIONS = 64;

/** The documentation's settings for many short jobs; other numbers and delays were not faster. */
const SETTINGS = {
  concurrentJobs: CONNECTIONS,
  localQueue: { size: CONNECTIONS + 1 },
  completeJobBatchDelay: 25,
  failJobBatchDelay: 25,
};

const ADD_JOB = `SELECT FROM graphile_worker.add_job('buy', $1::json)`;

const PLACE_ALL = `
  INSERT INTO orders (id, sku, quantity, amount_cents, status)
  SELECT *, 'PENDING' FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[])`;

const ADD_JOBS = `
  SELECT FROM graphile_worker.add_jobs(ARRAY(
    SELECT ('buy', payload, null, null, null, null, null, null)::graphile_worker.job_spec FROM unnest($1::json[]) AS payload))`;

/** A transaction per order, as in Graphile Worker's documentation. */
async function placeSingly(pool: Pool, order: BenchOrder): Promise<void> {
  const { orderId, sku, quantity, amountCents } = order;
  await transaction(pool, async (client) => {
    await client.query({ name: 'place', text: PLACE, values: [orderId, sku, quantity, amountCents] });
    await client.query({ name: 'add-job', text: ADD_JOB, values: [JSON.stringify(order)] });
  });
}

/** A transaction for all concurrent orders, as in Palinode's order service. */
async function placeTogether(pool: Pool, orders: readonly BenchOrder[]): Promise<void[]> {
  const columns = (['orderId', 'sku', 'quantity', 'amountCents'] as const).map((column) =>
    orders.map((order) => order[column]),
  );
  await transaction(pool, async (client) => {
    await client.query({ name: 'place-all', text: PLACE_ALL, values: columns });
    await client.query({ name: 'add-jobs', text: ADD_JOBS, values: [orders.map((order) => JSON.stringify(order))] });
  });
  return orders.map(() => undefined);
}

async function transaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Logs only warnings and errors. */
const logger = new Logger((scope) => {
  const log = consoleLogFactory(scope);
  return (level, message) => (['warning', 'error'].includes(level) ? log(level, message) : undefined);
});

async function main(): Promise<void> {
  const databases = await ThreeDatabases.withTables(CONNECTIONS, TABLES);
  const pgPool = databases.pools.order;
  const buy = async (payload: unknown): Promise<void> => {
    const { orderId, sku, quantity, amountCents, token } = payload as BenchOrder;
    await databases.run('stock', 'reserve', RESERVE_ONCE, [orderId, sku, quantity]);
    const declined = token === DECLINED;
    const status = declined ? 'DECLINED' : 'AUTHORIZED';
    await databases.run('payment', 'charge', CHARGE_ONCE, [orderId, amountCents, status]);
    if (declined) await databases.run('stock', 'release', RELEASE, [orderId]);
    await databases.run('order', 'close', CLOSE, [orderId, declined ? 'REJECTED' : 'APPROVED']);
    finished(orderId);
  };
  await run({ pgPool, taskList: { buy }, preset: { worker: SETTINGS }, logger, noHandleSignals: true });
  const group = new GroupCommit<BenchOrder, void>((orders) => placeTogether(pgPool, orders));
  const inGroups = process.env['BENCH_PLACE'] === 'groups';
  serveLoad(async (order) => {
    const end = untilFinished(order.orderId);
    await (inGroups ? group.add(order) : placeSingly(pgPool, order));
    await end;
  });
}

void main();
