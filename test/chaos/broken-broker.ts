/* A broker that crashes or loses its log while customers order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames } from '@palinode/test-support/shop/services';
import type { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { query, type Databases } from '../end-to-end/books';
import type { Load } from './load';
import type { ShopUnderLoad } from './shop-under-load';

/** A shop with its own servers. */
export interface Shop {
  readonly stack: Stack;
  readonly databases: Stack['databases'];
}

const ORDERS_BETWEEN = 6;
const STARTS_TO_LOSE = 4;
const WAIT = { everyMs: 50 };

/** Kills the broker with SIGKILL and restarts it with its data; orders continue in between. */
export async function killBroker(shop: ShopUnderLoad<Shop>, load: Load, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await shop.moreOrders(load, ORDERS_BETWEEN);
    await shop.shop.stack.restartBroker();
  }
  await shop.moreOrders(load, ORDERS_BETWEEN);
}

/**
 * Restarts the broker without messages, topics and groups. Every second time the orchestrator is suspended first, so
 * that acknowledged starts are certainly lost. Resolves with the number of lost starts.
 */
export async function loseLog(shop: ShopUnderLoad<Shop>, load: Load, times: number): Promise<number> {
  const { stack, databases } = shop.shop;
  let lost = 0;
  for (let n = 0; n < times; n += 1) {
    await shop.moreOrders(load, ORDERS_BETWEEN);
    if (n % 2 === 0) {
      lost += await whileSuspended(stack, () => loseStarts(stack, databases));
    } else {
      await stack.restartBroker({ empty: true });
    }
    await endedSince(databases, new Date());
  }
  await shop.moreOrders(load, ORDERS_BETWEEN);
  return lost;
}

/** Runs the work while the orchestrator's process is suspended. */
async function whileSuspended<T>(stack: Stack, work: () => Promise<T>): Promise<T> {
  const { pid } = stack.services.orchestrator;
  if (pid === undefined) throw new Error('The orchestrator does not run.');
  process.kill(pid, 'SIGSTOP');
  try {
    return await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Resolves with the number of starts in the broker without a saga. */
async function loseStarts(stack: Stack, databases: Databases): Promise<number> {
  const unknown = async (): Promise<readonly string[]> => {
    const starts = await query<{ key: string }>(databases.order, 'SELECT key FROM unacknowledged');
    const sagas = await query<{ id: string }>(databases.orchestrator, 'SELECT id FROM saga');
    const ids = new Set(sagas.map(({ id }) => id));
    return starts.map(({ key }) => key).filter((key) => !ids.has(key));
  };
  await waitUntil('unprocessed starts', async () => (await unknown()).length >= STARTS_TO_LOSE, WAIT);
  await stack.restartBroker({ empty: true });
  return (await unknown()).length;
}

/** Resolves when a saga that started after this time has ended: everything works again. */
async function endedSince(databases: Databases, since: Date): Promise<void> {
  const ended = async (): Promise<boolean> => {
    const rows = await query(
      databases.orchestrator,
      `SELECT FROM saga WHERE started_at > '${since.toISOString()}' AND ended_at IS NOT NULL LIMIT 1`,
    );
    return rows.length > 0;
  };
  await waitUntil('a saga to end after the loss', ended, WAIT);
}

/** How often services logged that the broker had lost messages that they had read. */
export function lossesNoticed({ directory }: Stack): number {
  const logs = serviceNames.map((name) => readFileSync(join(directory, 'logs', `${name}.log`), 'utf8'));
  return logs.join('\n').split('the broker has lost messages of').length - 1;
}
