/* The services, started before their servers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker, type Broker } from '@palinode/test-support/kafka/broker';
import { builtEntry, eachService, environmentOf, type ServiceName } from '@palinode/test-support/shop/services';
import { Stack } from '@palinode/test-support/shop/stack';
import { freePort } from '@palinode/testing-support/ports';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from '@palinode/test-support/shop/databases';
import { Child } from '@palinode/testing-support/processes/child';
import { waitUntil } from '@palinode/testing-support/wait-until';
let directory: string;
let postgres: EmbeddedPostgres;
let broker: Broker | undefined;
let brokerPort: number;
let databases: Record<ServiceName, string>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-late-'));
  // The data are created before, so that the passwords are known.
  postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases: databaseNames });
  databases = eachService((name) => postgres.url(`palinode_${name}`));
  await postgres.stop();
  brokerPort = await freePort();
});

afterAll(async () => {
  await postgres?.stop();
  await broker?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** How often each service has logged this. */
function timesLogged(what: RegExp): Record<ServiceName, number> {
  return eachService(
    (name) =>
      readFileSync(join(directory, 'logs', `${name}.log`), 'utf8')
        .split('\n')
        .filter((line) => what.test(line)).length,
  );
}

function untilAllLogged(what: RegExp): Promise<boolean> {
  const haveLogged = () => Object.values(timesLogged(what)).every((times) => times > 0);
  return waitUntil(`every service to log ${what}`, haveLogged);
}

it('waits for a database and a broker that start later, logs the wait, and starts without a crash', async () => {
  const brokers = [`127.0.0.1:${brokerPort}`];
  const starting = Stack.start({ directory, databases, broker: { brokers }, ports: 'free' });
  try {
    await Promise.race([starting, untilAllLogged(/The database is away; cannot connect, trying again/)]);
    await postgres.restart();
    await Promise.race([starting, untilAllLogged(/Cannot (create|list) the topics.*, trying again/)]);
    broker = await startBroker('embedded', join(directory, 'broker'), brokerPort);
    await starting;
    expect(timesLogged(/Starting Nest application/)).toEqual(eachService(() => 1));
  } finally {
    await starting.then(
      (stack) => stack.stop(),
      () => undefined,
    );
  }
});

describe.each([
  ['its database', /The database is away/, () => postgres.stop()],
  ['the broker', /Cannot (create|list) the topics/, () => postgres.restart()],
])('a service that waits for %s', (_, waits, prepare) => {
  beforeAll(async () => {
    await broker?.stop();
    await prepare();
  });

  it.each(['order', 'orchestrator'] as const)('exits with code 0 on SIGTERM while it waits (%s)', async (name) => {
    const ports = { ...eachService(() => 1), inventoryGrpc: 1, [name]: await freePort() };
    const around = { ports, databases, brokers: [`127.0.0.1:${brokerPort}`], environment: {} };
    let isWaiting = false;
    const service = await Child.start(process.execPath, [builtEntry(name)], {
      name,
      environment: environmentOf(name, around),
      openInput: true,
      onLine: (line) => (isWaiting ||= waits.test(line)),
    });
    try {
      await Promise.race([service.ended, waitUntil('it to wait', () => isWaiting)]);
      service.signal('SIGTERM');
      expect({ isWaiting, ending: await service.ended }).toEqual({
        isWaiting: true,
        ending: { code: 0, signal: null },
      });
    } finally {
      await service.kill();
    }
  });
});
