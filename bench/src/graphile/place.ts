/* The two ways in which an order's row and its job come into the database, always in one transaction. */
import type { Pool, PoolClient } from 'pg';
import { GroupCommit } from '@palinode/service';
import { PLACE, type BenchOrder } from '../effects';

const PLACE_ALL = `
  INSERT INTO orders (id, sku, quantity, amount_cents, status)
  SELECT *, 'PENDING' FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[])`;

const ADD_JOBS = `
  SELECT FROM graphile_worker.add_jobs(ARRAY(
    SELECT ('buy', payload, null, null, null, null, null, null)::graphile_worker.job_spec FROM unnest($1::json[]) AS payload))`;

export type Place = (order: BenchOrder) => Promise<void>;

/** A transaction an order, as the documentation of Graphile Worker shows it. */
export function placeSingly(pool: Pool): Place {
  return (order) =>
    transaction(pool, async (client) => {
      const { orderId, sku, quantity, amountCents } = order;
      await client.query({ name: 'place', text: PLACE, values: [orderId, sku, quantity, amountCents] });
      await client.query({
        name: 'add-job',
        text: `SELECT FROM graphile_worker.add_job('buy', $1::json)`,
        values: [JSON.stringify(order)],
      });
    });
}

/** A transaction for the orders that come at the same time, as Palinode's order service does it. */
export function placeInGroups(pool: Pool): Place {
  const group = new GroupCommit<BenchOrder, void>(async (orders) => {
    await transaction(pool, async (client) => {
      const columns = (['orderId', 'sku', 'quantity', 'amountCents'] as const).map((column) =>
        orders.map((order) => order[column]),
      );
      await client.query({ name: 'place-all', text: PLACE_ALL, values: columns });
      const payloads = orders.map((order) => JSON.stringify(order));
      await client.query({ name: 'add-jobs', text: ADD_JOBS, values: [payloads] });
    });
    return orders.map(() => undefined);
  });
  return (order) => group.add(order);
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
