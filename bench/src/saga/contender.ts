import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker } from '../../../stack/src/launcher/broker';
import { freePort } from '../../../stack/src/network/ports';
import { freshDatabases } from '../bench-database';
import { driveLoad, startProcess, stopProcess, type Contender } from '../contender';
import { brokenInvariants } from '../invariants';
import { drive, type LoadOptions, type LoadResult } from '../load';
import { postOrder } from '../post-order';

const NAMES = ['orchestrator', 'stock', 'payment', 'order'] as const;

export interface SagaSystem {
  readonly adminUrl: string;
  readonly directory: string;
  readonly broker: 'embedded' | 'apache';
  readonly transaction: 'shared' | 'own';
  /** By which door load comes in: `startSaga` inside the order service's process, or `POST /orders` from outside. */
  readonly door: 'startSaga' | 'http';
}

/** The four services over this broker. */
export async function startSagas({
  adminUrl,
  directory,
  broker: kind,
  transaction,
  door,
}: SagaSystem): Promise<Contender> {
  const urls = await freshDatabases(adminUrl, 'saga', NAMES);
  const broker = await startBroker(kind, mkdtempSync(join(directory, 'broker-')), await freePort());
  const died = broker.ended.then(() => Promise.reject(new Error('the broker ended while it was benched')));
  died.catch(() => undefined);
  const port = await freePort();
  const children = await Promise.all(
    NAMES.map((name) =>
      startProcess('saga/service.js', [name], {
        DATABASE_URL: urls[name],
        KAFKA_BROKERS: broker.address,
        BENCH_TRANSACTION: transaction,
        BENCH_PORT: String(port),
      }),
    ),
  );
  const order = children[NAMES.indexOf('order')];
  if (order === undefined) throw new Error('the order service was not started');
  const overHttp = (options: LoadOptions): Promise<LoadResult> =>
    drive(options, (each) => postOrder(`http://127.0.0.1:${port}/orders`, each));
  return {
    name: [
      `palinode, ${transaction} transactions`,
      ...(kind === 'apache' ? ['Apache Kafka'] : []),
      ...(door === 'http' ? ['over HTTP'] : []),
    ].join(', '),
    pids: {
      broker: broker.pid ?? 0,
      ...Object.fromEntries(NAMES.map((name, index) => [name, children[index]?.pid ?? 0])),
    },
    ports: { [broker.address.split(':')[1] ?? '']: 'the broker' },
    load: (options) => Promise.race([door === 'http' ? overHttp(options) : driveLoad(order, options), died]),
    check: (sagas) => brokenInvariants(urls, sagas),
    stop: async () => {
      await Promise.all(children.map(stopProcess));
      await broker.stop();
    },
  };
}
