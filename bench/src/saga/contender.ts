import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker, type BrokerKind } from '@palinode/test-support/kafka/broker';
import { freePort } from '@palinode/test-support/network/ports';
import { freshDatabases } from '../bench-database';
import { driveLoad, startProcess, stopProcess, type Contender } from '../contender';
import { brokenInvariants } from '../invariants';
import { drive, type LoadOptions, type LoadResult } from '../load';
import { postOrder } from '../post-order';

const NAMES = ['orchestrator', 'stock', 'payment', 'order'] as const;

export interface SagaSystem {
  readonly adminUrl: string;
  readonly directory: string;
  readonly broker: BrokerKind;
  readonly transaction: 'per-batch' | 'per-command';
  /** By which door load comes in: `startSaga` inside the order service's process, or `POST /orders` from outside. */
  readonly door: 'startSaga' | 'http';
  /** Without Palinode: the same services, messages and effects, and none of its promises. @default false */
  readonly byHand?: boolean;
  /** Of each saga. @default 3 */
  readonly steps?: number;
  /** What the start and every command carry besides what they need. @default 0 */
  readonly payloadKib?: number;
  /** Processes of the orchestrator. @default 1 */
  readonly orchestrators?: number;
  /** Of each topic. @default 4 */
  readonly partitions?: number;
  /** The database of which the orchestrator's is a copy; it is empty when there is none. */
  readonly orchestratorTemplate?: string | undefined;
}

export interface SagaContender extends Contender {
  readonly databases: Readonly<Record<(typeof NAMES)[number], string>>;
  readonly brokerDirectory: string;
}

/** The four services over this broker, with Palinode or by hand. */
export async function startSagas({
  adminUrl,
  directory,
  broker: kind,
  transaction,
  door,
  byHand = false,
  steps = 3,
  payloadKib = 0,
  orchestrators = 1,
  partitions = 4,
  orchestratorTemplate,
}: SagaSystem): Promise<SagaContender> {
  const templates = orchestratorTemplate === undefined ? {} : { orchestrator: orchestratorTemplate };
  const urls = await freshDatabases(adminUrl, 'saga', NAMES, templates);
  const brokerDirectory = mkdtempSync(join(directory, 'broker-'));
  const broker = await startBroker(kind, brokerDirectory, await freePort());
  const port = await freePort();
  const start = async (name: (typeof NAMES)[number]): Promise<ChildProcess> =>
    startProcess(byHand ? 'by-hand/service.js' : 'saga/service.js', [name], {
      DATABASE_URL: urls[name],
      KAFKA_BROKERS: broker.address,
      BENCH_TRANSACTION: transaction,
      BENCH_PORT: String(port),
      BENCH_STEPS: String(steps),
      BENCH_PAYLOAD_KIB: String(payloadKib),
      BENCH_PARTITIONS: String(partitions),
    });
  const children = await Promise.all(NAMES.map(start));
  const order = children[NAMES.indexOf('order')];
  if (order === undefined) throw new Error('the order service was not started');
  // The first has made the tables.
  const more = await Promise.all(Array.from({ length: orchestrators - 1 }, () => start('orchestrator')));
  const ends = [broker.ended, ...[...children, ...more].map((child) => once(child, 'exit'))];
  const died = Promise.race(ends).then(() => Promise.reject(new Error('a process ended while it was benched')));
  died.catch(() => undefined);
  const overHttp = (options: LoadOptions): Promise<LoadResult> =>
    drive(options, (each) => postOrder(`http://127.0.0.1:${port}/orders`, each));
  return {
    name: [
      `${byHand ? 'by hand' : 'palinode'}, ${transaction} transactions`,
      ...(kind === 'apache' ? ['Apache Kafka'] : []),
      ...(door === 'http' ? ['over HTTP'] : []),
    ].join(', '),
    pids: {
      broker: broker.pid ?? 0,
      ...Object.fromEntries(NAMES.map((name, index) => [name, children[index]?.pid ?? 0])),
      ...Object.fromEntries(more.map(({ pid = 0 }, index) => [`orchestrator ${index + 2}`, pid])),
    },
    ports: { [broker.address.split(':')[1] ?? '']: 'the broker' },
    load: (options) => Promise.race([door === 'http' ? overHttp(options) : driveLoad(order, options), died]),
    databases: urls,
    brokerDirectory,
    check: (sagas) => brokenInvariants(byHand ? { ...urls, orchestrator: undefined } : urls, sagas),
    stop: async () => {
      await Promise.all([...children, ...more].map(stopProcess));
      await broker.stop();
    },
  };
}
