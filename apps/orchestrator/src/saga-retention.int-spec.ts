/* ENDED_SAGA_DAYS, tested with the orchestrator as it is deployed. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import { placeOrder } from '@palinode/contracts';
import { createService, readEnvironment } from '@palinode/service';
import { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { aStart } from '../../../libs/saga/test/messages';
import { RealServers } from '../../../libs/saga/test/real-servers';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { OrchestratorAppModule } from './orchestrator-app.module';
import { OrchestratorEnvironment } from './orchestrator-environment';
import { StubParticipants } from '../test/stub-participants';

const sagaid = uuidV7({ msecs: Date.now() - 40 * 86_400_000 });

let servers: RealServers;
let participants: StubParticipants;
let database: Pool;
let orchestrator: NestExpressApplication | undefined;

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true });
  database = servers.pool(await servers.database());
  participants = await StubParticipants.start(servers.kafka.address);
});

afterAll(async () => {
  await orchestrator?.close();
  await participants?.stop();
  await servers?.stop();
});

async function deploy(settings: NodeJS.ProcessEnv): Promise<void> {
  await orchestrator?.close();
  const environment = readEnvironment(OrchestratorEnvironment, {
    DATABASE_URL: database.options.connectionString,
    KAFKA_BROKERS: servers.kafka.address,
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const module = (): ReturnType<typeof OrchestratorAppModule.with> => OrchestratorAppModule.with(environment);
  orchestrator = await createService({ name: 'orchestrator', module }, environment);
  await orchestrator.listen(0, '127.0.0.1');
}

async function rowsOf(query: string): Promise<unknown[]> {
  const { rows } = await database.query(query, [sagaid]);
  return rows;
}

it('deletes a saga ENDED_SAGA_DAYS after its end, and dead-letters a late start of it', async () => {
  await deploy({});
  await database.query(
    `INSERT INTO saga (id, definition, version, status, state, revision, started_at, ended_at)
     VALUES ($1, 'place-order', 1, 'COMPLETED', '{}', 0, now() - interval '40 d', now() - interval '31 d')`,
    [sagaid],
  );
  await deploy({ ENDED_SAGA_DAYS: '30' });
  await waitUntil('the saga is deleted', async () => (await rowsOf('SELECT FROM saga WHERE id = $1')).length === 0);
  await participants.ask({ ...aStart(placeOrder.name, {}), sagaid });
  const deadLetters = 'SELECT reason FROM dead_letter WHERE saga_id = $1';
  await waitUntil('its start is dead-lettered', async () => (await rowsOf(deadLetters)).length > 0);
  expect(await rowsOf(deadLetters)).toEqual([{ reason: 'not-remembered' }]);
  expect(await rowsOf('SELECT FROM saga WHERE id = $1')).toEqual([]);
});
