import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerKind } from '@palinode/test-support/kafka/broker';
import { startBroker } from '@palinode/test-support/kafka/broker';
import { serviceNames } from '@palinode/test-support/shop/services';
import { Stack } from '@palinode/test-support/shop/stack';
import { freePort } from '@palinode/test-support/network/ports';
import { freshDatabases } from '../bench-database';
import type { Contender } from '../contender';
import { DECLINED, STOCK_EACH, type BenchOrder } from '../effects';
import { unlessCounted } from '../invariants';
import { drive } from '../load';
import { connected } from '../measure/connected';
import { postOrder } from '../post-order';

/** The shop of this repository as `npm start` runs it: its own saga, `place-order`, by `POST /orders` with `Prefer: wait`. */
export async function startShop(adminUrl: string, directory: string, kind: BrokerKind): Promise<Contender> {
  const databases = await freshDatabases(adminUrl, 'shop', serviceNames);
  const broker = await startBroker(kind, mkdtempSync(join(directory, 'broker-')), await freePort());
  const stack = await Stack.start({ databases, broker: { brokers: [broker.address] }, restartServices: false });
  await fillStock(databases.inventory);
  return {
    name: `the shop, over HTTP${kind === 'apache' ? ', Apache Kafka' : ''}`,
    pids: {
      broker: broker.pid ?? 0,
      ...Object.fromEntries(serviceNames.map((name) => [name, stack.services[name].pid ?? 0])),
    },
    ports: { [broker.address.split(':')[1] ?? '']: 'the broker' },
    load: (options) => drive(options, (order) => postOrder(`${stack.services.order.url}/orders`, bodyOf(order))),
    check: (sagas) => broken(databases, sagas),
    stop: async () => {
      await stack.stop();
      await broker.stop();
    },
  };
}

function bodyOf({ quantity, token }: BenchOrder): object {
  const paymentToken = token === DECLINED ? 'tok_declined' : 'tok_ok';
  return { customerId: 'ada', lines: [{ sku: 'SKU-CUP', quantity }], paymentToken };
}

const ORDERS_ENDED = `SELECT count(*) FROM orders WHERE status IN ('APPROVED', 'REJECTED')`;
const SAGAS_ENDED = `SELECT count(*) FROM saga WHERE status IN ('COMPLETED', 'COMPENSATED')`;

async function broken(databases: { order: string; orchestrator: string }, sagas: number): Promise<string[]> {
  return [
    ...(await unlessCounted('orders', databases.order, 'SELECT count(*) FROM orders', sagas)),
    ...(await unlessCounted('orders ended', databases.order, ORDERS_ENDED, sagas)),
    ...(await unlessCounted('sagas ended', databases.orchestrator, SAGAS_ENDED, sagas)),
  ];
}

async function fillStock(url: string): Promise<void> {
  await connected(url, (client) => client.query('UPDATE stock SET available = $1', [STOCK_EACH]));
}
