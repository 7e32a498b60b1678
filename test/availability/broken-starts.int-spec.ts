/* Services whose database becomes unreachable during their start, once at each of their requests. */
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { createService, environmentOf, type ServiceEnvironment, type ServiceOptions } from '@palinode/service';
import { Orchestrator } from '@palinode/saga/orchestrator';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrchestratorAppModule } from '../../apps/orchestrator/src/orchestrator-app.module';
import { OrchestratorEnvironment } from '../../apps/orchestrator/src/orchestrator-environment';
import { orderService } from '../../apps/order/src/order-service';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from '@palinode/test-support/shop/databases';
import { TcpProxy } from '@palinode/test-support/network/tcp-proxy';
/** The number of consecutive attempts that find the database unreachable. */
const OUTAGE = 2;
let directory: string;
let postgres: EmbeddedPostgres;
let kafka: EmbeddedKafka;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-broken-'));
  postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases: databaseNames });
  kafka = await EmbeddedKafka.start({ directory: join(directory, 'kafka'), port: 0 });
});
afterAll(async () => {
  await postgres?.stop();
  await kafka?.close();
  rmSync(directory, { recursive: true, force: true });
});

/**
 * Starts the service while its n-th database request and the following ones break the connection; returns how many there
 * were.
 */
async function startWithout<Environment extends ServiceEnvironment>(
  options: ServiceOptions<Environment>,
  nth: number,
): Promise<number> {
  let requests = 0;
  const line = await TcpProxy.to(postgres.port, () => ({
    sent: () => ((requests += 1) >= nth && requests < nth + OUTAGE ? 'stop' : 'pass'),
    received: () => true,
    ended: () => {},
  }));
  const database = postgres.url(`palinode_${options.name}`);
  const environment = environmentOf(options, {
    DATABASE_URL: database.replace(`${postgres.host}:${postgres.port}`, line.address),
    KAFKA_BROKERS: kafka.address,
    LOG_LEVEL: 'silent',
    FAULTS_URL: 'http://127.0.0.1:1',
  });
  const app = await createService(options, environment);
  try {
    await app.init();
    return requests;
  } finally {
    await app.close();
    await line.cut();
  }
}

const orchestrator: ServiceOptions<OrchestratorEnvironment> = {
  name: 'orchestrator',
  environment: OrchestratorEnvironment,
  module: (environment) => OrchestratorAppModule.with(environment),
  readiness: { orchestrator: Orchestrator },
};

it.each([
  ['the order service', (nth: number) => startWithout(orderService, nth)],
  ['the orchestrator', (nth: number) => startWithout(orchestrator, nth)],
])('%s starts even if its database goes down at any request of the start', async (_, start) => {
  await start(Number.POSITIVE_INFINITY);
  const requests = await start(Number.POSITIVE_INFINITY);
  const failed: string[] = [];
  for (let nth = 1; nth <= requests; nth += 1)
    await start(nth).catch((error: unknown) => failed.push(`at request ${nth} of ${requests}: ${String(error)}`));
  expect(requests).toBeGreaterThan(10);
  expect(failed).toEqual([]);
});
