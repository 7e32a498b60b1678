/* PostgreSQL loses its connections, is killed, and is down for a while, under load. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { eachService, serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder } from '../end-to-end/shop-client';
import { printLine } from './print-line';
import type { ShopUnderLoad } from './shop-under-load';

const LONG_WAIT = { everyMs: 100 };

const TERMINATE = `
  WITH theirs AS (SELECT pid, substr(usename, 10) AS service FROM pg_stat_activity WHERE usename LIKE 'palinode\\_%')
  SELECT service, pg_terminate_backend(pid) AS done FROM theirs
  WHERE (SELECT count(DISTINCT service) FROM theirs) = $1`;

/**
 * Ends every connection of every service, this many times, with orders in between. Each time waits until every service
 * has a connection: an idle one connects with its next message. Returns the number of ended connections by service.
 */
export async function terminateConnections(shop: ShopUnderLoad, rounds: number): Promise<Record<ServiceName, number>> {
  const ended = eachService(() => 0);
  await shop.during('connections that PostgreSQL terminates', async (load) => {
    const client = new Client({ connectionString: shop.shop.postgres.adminUrl });
    await client.connect();
    const terminate = async () => {
      const { rows } = await client.query<{ service: ServiceName; done: boolean }>(TERMINATE, [serviceNames.length]);
      for (const { service, done } of rows) if (done) ended[service] += 1;
      return rows.length > 0;
    };
    try {
      for (let round = 0; round < rounds; round += 1) {
        await shop.moreOrders(load, 3);
        await waitUntil('a connection of every service', terminate, LONG_WAIT);
      }
    } finally {
      await client.end();
    }
  });
  printLine(`  ended: ${JSON.stringify(ended)}`);
  return ended;
}

/** Kills PostgreSQL this many times, with orders in between. */
export async function killPostgres(shop: ShopUnderLoad, kills: number): Promise<number> {
  const pids = new Set<number | undefined>();
  await shop.during('kills of PostgreSQL', async (load) => {
    const { postgres } = shop.shop;
    for (let n = 0; n < kills; n += 1) {
      await shop.moreOrders(load, 5);
      pids.add(postgres.pid);
      await postgres.restart();
    }
    await shop.moreOrders(load, 5);
  });
  return pids.size;
}

export interface Outage {
  /** Each service's response to `GET /readyz`. */
  readonly readiness: Record<ServiceName, number>;
  /** The distinct response statuses of order requests. */
  readonly answers: readonly number[];
  /** Connection attempts per second by service; the order service also connects for requests. */
  readonly attempts: Record<ServiceName, number>;
  /** Log lines per second by service. */
  readonly lines: Record<ServiceName, number>;
}

/** Stops PostgreSQL for this long under load, and restarts it. */
export async function withoutPostgres(shop: ShopUnderLoad, ms: number): Promise<Outage> {
  let outage: Outage | undefined;
  await shop.during('an outage of PostgreSQL', async (load) => {
    const { postgres, proxies: lines, stack } = shop.shop;
    await shop.moreOrders(load, 3);
    await postgres.kill();
    const startedAt = performance.now();
    const before = { attempts: eachService((name) => lines[name].connections), lines: linesIn(stack.directory) };
    const readiness = eachService(() => 0);
    const answers = new Set<number>();
    try {
      await waitUntil(
        'every service to notice the outage',
        async () => {
          for (const name of serviceNames) readiness[name] = await status(`${stack.services[name].url}/readyz`);
          answers.add((await shop.client.place(anOrder({ customerId: 'nobody' }))).status);
          if (Object.values(readiness).includes(200)) throw new Error(JSON.stringify(readiness));
          return performance.now() - startedAt > ms;
        },
        LONG_WAIT,
      );
    } finally {
      await postgres.restart();
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = linesIn(stack.directory);
    outage = {
      readiness,
      answers: [...answers],
      attempts: eachService((name) => (lines[name].connections - before.attempts[name]) / seconds),
      lines: eachService((name) => (after[name] - before.lines[name]) / seconds),
    };
    await shop.moreOrders(load, 5);
  });
  return outage as unknown as Outage;
}

async function status(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
  return response.status;
}

function linesIn(directory: string): Record<ServiceName, number> {
  const logs = join(directory, 'logs');
  const there = readdirSync(logs);
  return eachService((name) =>
    there.includes(`${name}.log`) ? readFileSync(join(logs, `${name}.log`), 'utf8').split('\n').length : 0,
  );
}
