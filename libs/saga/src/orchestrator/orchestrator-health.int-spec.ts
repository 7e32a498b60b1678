import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Client } from 'pg';
import { RealServers } from '../../test/real-servers';
import { placeOrder } from '../../test/sample-saga';
import { DEAD_LETTERS } from '../contract';
import { SAGA_TRANSPORT, type Transport } from '../messaging';
import { orchestratorMigrations } from '../store/migrations';
import { Orchestrator, OrchestratorModule } from './orchestrator.module';

let servers: RealServers;
let app: INestApplication;
let other: Client;

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true });
  const databaseUrl = await servers.database(orchestratorMigrations);
  const kafka = { brokers: [servers.kafka.address], stuckAfterMs: 1_000 };
  const imports = [OrchestratorModule.forRoot({ definitions: [placeOrder], kafka, databaseUrl })];
  app = (await Test.createTestingModule({ imports }).compile()).createNestApplication();
  app.useLogger(false);
  await app.init();
  other = new Client({ connectionString: databaseUrl });
  await other.connect();
});

afterAll(async () => {
  await other?.end();
  await app?.close();
  await servers?.stop();
});

it('reports an orchestrator as unhealthy while it cannot store dead letters', async () => {
  const orchestrator = app.get(Orchestrator);
  await waitUntil('the orchestrator is healthy', () => orchestrator.check() === undefined);
  await other.query('BEGIN');
  await other.query('LOCK TABLE dead_letter');
  await app
    .get<Transport>(SAGA_TRANSPORT, { strict: false })
    .publish([{ topic: DEAD_LETTERS, key: null, value: 'no receiver takes this' }]);
  await waitUntil('the problem is reported', () =>
    /consumer of orchestrator\.dead-letters/.test(orchestrator.check() ?? ''),
  );
  await other.query('ROLLBACK');
  await waitUntil('the orchestrator is healthy again', () => orchestrator.check() === undefined);
  const { rows } = await other.query('SELECT 1 FROM dead_letter');
  expect(rows).toHaveLength(1);
});
