/* The targets with services and a broker: with Palinode, by hand, and the shop. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker, type Broker, type BrokerKind } from '@palinode/test-support/kafka/broker';
import { freePort } from '@palinode/testing-support/ports';
import { serviceNames } from '@palinode/test-support/shop/services';
import { HttpClient } from '../http-client';
import { freshDatabases, query } from '../measure/postgres';
import { ORDER, Shop } from '../shop';
import { DECLINED, STOCK_EACH } from './effects';
import { brokenInvariants, unlessCounted } from './invariants';
import { drive, type LoadOptions, type LoadResult } from './load';
import { driveLoad, startProcess, stopProcess, type StartTarget, type Target } from './target';

const NAMES = ['orchestrator', 'stock', 'payment', 'order'] as const;

export interface SagaSystem {
  readonly broker: BrokerKind;
  readonly transaction: 'per-batch' | 'per-command';
  /** What drives load: `startSaga` inside the order service's process, or `POST /orders` from outside. */
  readonly driver: 'startSaga' | 'http';
  /** Without Palinode: the same services, messages and effects, without its promises. @default false */
  readonly byHand?: boolean;
  /** Steps of each saga. @default 3 */
  readonly steps?: number;
  /** Additional data of the start and of every command. @default 0 */
  readonly payloadKib?: number;
  /** Processes of the orchestrator. @default 1 */
  readonly orchestrators?: number;
  /** Partitions of each topic. @default 4 */
  readonly partitions?: number;
  /** The template of the orchestrator's database; without one it starts empty. */
  readonly orchestratorTemplate?: string | undefined;
}

export const USUAL_SYSTEM = { broker: 'embedded', transaction: 'per-batch', driver: 'startSaga' } as const;

export interface SagaTarget extends Target {
  readonly databases: Readonly<Record<(typeof NAMES)[number], string>>;
  readonly brokerDirectory: string;
}

/** The four services over this broker, with Palinode or by hand. */
export async function startSagas(adminUrl: string, directory: string, system: SagaSystem): Promise<SagaTarget> {
  const { broker: kind, transaction, driver, byHand = false, orchestrators = 1, orchestratorTemplate } = system;
  const templates = orchestratorTemplate === undefined ? {} : { orchestrator: orchestratorTemplate };
  const urls = await freshDatabases(adminUrl, 'saga', NAMES, templates);
  const brokerDirectory = mkdtempSync(join(directory, 'broker-'));
  const broker = await startBroker(kind, brokerDirectory, await freePort());
  const port = await freePort();
  const start = (name: (typeof NAMES)[number]): Promise<ChildProcess> =>
    startProcess(`${byHand ? 'by-hand' : 'saga'}/service.js`, [name], {
      DATABASE_URL: urls[name],
      KAFKA_BROKERS: broker.address,
      BENCH_TRANSACTION: transaction,
      BENCH_PORT: String(port),
      BENCH_STEPS: String(system.steps ?? 3),
      BENCH_PAYLOAD_KIB: String(system.payloadKib ?? 0),
      BENCH_PARTITIONS: String(system.partitions ?? 4),
    });
  const [orchestrator, stock, payment, order] = await Promise.all([
    start('orchestrator'),
    start('stock'),
    start('payment'),
    start('order'),
  ] as const);
  // The first process has created the tables.
  const more = await Promise.all(Array.from({ length: orchestrators - 1 }, () => start('orchestrator')));
  const children = [orchestrator, stock, payment, order, ...more];
  const ends = [broker.ended, ...children.map((child) => once(child, 'exit'))];
  const died = Promise.race(ends).then(() => Promise.reject(new Error('a process ended during the measurement')));
  died.catch(() => undefined);
  const client = new HttpClient();
  const overHttp = (options: LoadOptions): Promise<LoadResult> =>
    drive(options, (each) => postOrder(client, `http://127.0.0.1:${port}`, each));
  return {
    name: [
      `${byHand ? 'by hand' : 'palinode'}, ${transaction} transactions`,
      ...(kind === 'apache' ? ['Apache Kafka'] : []),
      ...(driver === 'http' ? ['over HTTP'] : []),
    ].join(', '),
    pids: {
      broker: broker.pid ?? 0,
      ...Object.fromEntries(NAMES.map((name, index) => [name, children[index]?.pid ?? 0])),
      ...Object.fromEntries(more.map(({ pid = 0 }, index) => [`orchestrator ${index + 2}`, pid])),
    },
    ports: portsOf(broker),
    load: (options) => Promise.race([driver === 'http' ? overHttp(options) : driveLoad(order, options), died]),
    databases: urls,
    brokerDirectory,
    check: (sagas) => brokenInvariants(byHand ? { ...urls, orchestrator: undefined } : urls, sagas),
    stop: async () => {
      client.close();
      await Promise.all(children.map(stopProcess));
      await broker.stop();
    },
  };
}

const ORDERS_ENDED = `SELECT count(*) FROM orders WHERE status IN ('APPROVED', 'REJECTED')`;
const SAGAS_ENDED = `SELECT count(*) FROM saga WHERE status IN ('COMPLETED', 'COMPENSATED')`;

/** The shop of this repository as `npm start` runs it: its own saga, `place-order`, by `POST /orders` with `Prefer: wait`. */
export const startShop =
  (kind: BrokerKind): StartTarget =>
  async (adminUrl, directory) => {
    const databases = await freshDatabases(adminUrl, 'shop', serviceNames);
    const broker = await startBroker(kind, mkdtempSync(join(directory, 'broker-')), await freePort());
    const shop = await Shop.start({ databases, broker: { brokers: [broker.address] } });
    await query(databases.inventory, `UPDATE stock SET available = ${STOCK_EACH}`);
    return {
      name: `the shop, over HTTP${kind === 'apache' ? ', Apache Kafka' : ''}`,
      pids: { broker: broker.pid ?? 0, ...shop.pids },
      ports: portsOf(broker),
      load: (options) =>
        drive(options, ({ quantity, token }) =>
          postOrder(shop.client, shop.url, {
            ...ORDER,
            lines: [{ sku: 'SKU-CUP', quantity }],
            paymentToken: token === DECLINED ? 'tok_declined' : 'tok_ok',
          }),
        ),
      check: async (sagas) => [
        ...(await unlessCounted('orders', databases.order, 'SELECT count(*) FROM orders', sagas)),
        ...(await unlessCounted('orders ended', databases.order, ORDERS_ENDED, sagas)),
        ...(await unlessCounted('sagas ended', databases.orchestrator, SAGAS_ENDED, sagas)),
      ],
      stop: async () => {
        await shop.stop();
        await broker.stop();
      },
    };
  };

/** Resolves when the order has ended. */
async function postOrder(client: HttpClient, url: string, order: object): Promise<void> {
  const { status, body } = await client.ask(`${url}/orders`, { headers: { prefer: 'wait=30' }, body: order });
  if (status !== 200) throw new Error(`${url} answered ${status}: ${body}`);
}

const portsOf = ({ address }: Broker): Record<string, string> => ({ [address.split(':')[1] ?? '']: 'the broker' });
