import type { DynamicModule, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { HandTransport } from '../../test/hand-transport';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { placeOrder } from '../../test/sample-saga';
import { AdminModule } from '../admin';
import { ConfigurationError } from '../contract';
import { SAGA_TRANSPORT } from '../messaging';
import { orchestratorMigrations } from '../store/migrations';
import { OrchestratorModule } from './orchestrator.module';
import type { OrchestratorModuleExtras, OrchestratorOptions } from './orchestrator-options';
import { SagaStore } from '../store/saga-store';

let servers: RealServers;
let databaseUrl: string;

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database(orchestratorMigrations);
});
afterAll(() => servers?.stop());

async function start(...imports: (DynamicModule | Type)[]): Promise<void> {
  const module = await Test.createTestingModule({ imports })
    .overrideProvider(SAGA_TRANSPORT)
    .useValue(new HandTransport())
    .compile();
  const app = module.createNestApplication();
  app.useLogger(false);
  try {
    await app.init();
  } finally {
    await app.close();
  }
}

const orchestrator = (options: Partial<OrchestratorOptions & OrchestratorModuleExtras> = {}): DynamicModule =>
  OrchestratorModule.forRoot({
    definitions: [placeOrder],
    kafka: { brokers: ['kafka:9092'] },
    databaseUrl,
    ...options,
  });

/** The URL with another user, password or database. */
function urlWith(parts: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(databaseUrl), parts).href;
}

/** The error with which an orchestrator with this database fails to start. */
async function refusalOf(url: string): Promise<Error> {
  const error: unknown = await start(orchestrator({ databaseUrl: url })).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigurationError);
  return error as Error;
}

describe('the start of an orchestrator', () => {
  it('succeeds with tables, privileges and a definition', async () => {
    await start(orchestrator({ isGlobal: true }), AdminModule);
  });

  it('fails without its tables, and names the migrations that create them', async () => {
    const { message } = await refusalOf(await servers.database());
    expect(message).toMatch(/^The database test_\w+ has no table saga, saga_history, .*; run orchestratorMigrations/);
  });

  it('fails when the database of the URL does not exist', async () => {
    const { message } = await refusalOf(urlWith({ pathname: '/nowhere' }));
    expect(message).toMatch(/database "nowhere" does not exist.*; create the database, or correct its name in the URL/);
  });

  it('fails when the role of the URL, or its password, is unknown', async () => {
    const { message } = await refusalOf(urlWith({ username: 'nobody', password: 'secret' }));
    expect(message).toMatch(/The database refuses this service \(.*nobody.*\); correct the role/);
    expect(message).not.toContain('secret');
  });

  it('fails when the role lacks privileges on the tables, and names the GRANT to run', async () => {
    const role = `reader_${randomBytes(5).toString('hex')}`;
    const pool = servers.pool(databaseUrl);
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    try {
      await pool.query(`GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
      const { message } = await refusalOf(urlWith({ username: role, password: 'secret' }));
      expect(message).toContain(`GRANT UPDATE ON saga TO "${role}"; GRANT UPDATE ON saga_timer TO "${role}";`);
      expect(message).not.toContain('saga_history');
    } finally {
      await pool.query(`DROP OWNED BY ${role}`);
      await pool.query(`DROP ROLE ${role}`);
    }
  });

  it.each([
    [
      'no definition',
      { definitions: [] },
      /has no definition; add the result of defineSaga\(…\)\.build\(\) to `definitions`/,
    ],
    ['no URL of a database', { databaseUrl: '' }, /databaseUrl must be the URL of a PostgreSQL database/],
    ['an invalid number of days for dead letters', { deadLetterDays: Number.NaN }, /deadLetterDays must be 0 or more/],
  ])('fails with %s', (_what, options, message) => {
    expect(() => orchestrator(options)).toThrow(message);
  });

  it('fails without a broker to connect to', async () => {
    const starting = Test.createTestingModule({ imports: [orchestrator({ kafka: { brokers: [] } })] });
    await expect(starting.compile()).rejects.toThrow(/No broker is named/);
  });
});

it('fails to start the admin API without an orchestrator in its application', async () => {
  await expect(start(AdminModule)).rejects.toThrow(
    /add `isGlobal: true` to OrchestratorModule\.forRoot.*AdminModule\.forRoot\(\{ imports: \[…\] \}\)/,
  );
});

describe('the settings of the planner', () => {
  const check = async (pooler: 'none' | 'transaction', url: string): Promise<string[]> => {
    const log = new RecordingLog();
    const store = new SagaStore({ database: url, connection: { pooler } }, log);
    try {
      await store.check();
    } finally {
      await store.close();
    }
    return log.lines;
  };

  it('requires planner settings of the role behind a pooler, where a session cannot set them', async () => {
    const lines = await check('transaction', databaseUrl);
    expect(lines).toEqual([
      expect.stringMatching(
        /ALTER ROLE CURRENT_USER SET enable_seqscan = off; .*enable_hashjoin = off; .*enable_mergejoin = off;$/,
      ),
    ]);
  });

  it('accepts planner settings that the session has by itself or from its database', async () => {
    expect(await check('none', databaseUrl)).toEqual([]);
    const set = await servers.database(orchestratorMigrations);
    const name = new URL(set).pathname.slice(1);
    for (const setting of ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'])
      await servers.administrate(`ALTER DATABASE ${name} SET ${setting} = off`);
    expect(await check('transaction', set)).toEqual([]);
  });
});
