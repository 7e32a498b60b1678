/* The tables of orchestrators, participants and subscribers in a schema of their own, and with a prefix. */
import { Controller, type DynamicModule, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { migrate } from '@palinode/test-support/postgres/shared-postgres';
import { IsString } from 'class-validator';
import type { Pool } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { RealServers } from '../../test/real-servers';
import { defineCommand, defineEvent, defineStart, refuse, type Refusal } from '../contract';
import { defineSaga } from '../definition';
import { migrationsIn, type TableLocation, type TableMigrationClass } from '../messaging';
import {
  connectParticipant,
  Events,
  HandleCommand,
  once,
  ParticipantModule,
  participantMigrations,
  Sagas,
} from '../participant';
import { connectSubscriber, HandleEvent, SubscriberModule, subscriberMigrations } from '../subscriber';
import { OrchestratorModule, orchestratorMigrations } from '.';

class Sale {
  @IsString() item!: string;
}

const payload = { payload: Sale } as const;
const reserve = defineCommand('stock.reserve', payload);
const release = defineCommand('stock.release', payload);
const charge = defineCommand('payment.charge', { ...payload, refusals: ['declined'] });
const reserved = defineEvent('stock.reserved', { ...payload, subject: ({ item }) => item });
const charged = defineEvent('payment.charged', { ...payload, subject: ({ item }) => item });
const sell = defineStart('sell', { input: Sale, subject: ({ item }) => item });

const itemOf = ({ input: { item } }: { readonly input: Sale }): Sale => ({ item });
const selling = defineSaga({ ...sell, version: 1 })
  .compensatable('stock', { invoke: reserve, payload: itemOf, compensation: { invoke: release, payload: itemOf } })
  .pivot('payment', { invoke: charge, payload: itemOf })
  .build();

@Controller()
class Stock {
  constructor(private readonly events: Events) {}

  @HandleCommand(reserve, { transaction: 'per-batch' })
  async reserve({ item }: Sale, tx: EntityManager): Promise<void> {
    await tx.query('INSERT INTO reserved VALUES ($1)', [item]);
    await this.events.publish(tx, reserved, { item });
  }

  @HandleCommand(release)
  async release({ item }: Sale, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM reserved WHERE item = $1', [item]);
  }
}

@Controller()
class Payment {
  constructor(private readonly events: Events) {}

  @HandleCommand(charge)
  async charge({ item }: Sale, tx: EntityManager): Promise<void | Refusal<'declined'>> {
    if (!(await once(tx, 'ask the bank', () => Promise.resolve(item !== 'gold')))) return refuse('declined');
    await this.events.publish(tx, charged, { item });
  }
}

const heard: string[] = [];

@Controller()
class Reports {
  @HandleEvent(reserved)
  async onReserved({ item }: Sale): Promise<void> {
    heard.push(`reserved ${item}`);
  }

  @HandleEvent(charged)
  async onCharged({ item }: Sale): Promise<void> {
    heard.push(`charged ${item}`);
  }
}

let servers: RealServers;
const apps: INestApplication[] = [];

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true });
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => servers?.stop());

const kafka = (): { brokers: string[] } => ({ brokers: [servers.kafka.address] });

async function start(
  imports: DynamicModule[],
  controller?: typeof Stock | typeof Payment | typeof Reports,
  connect?: (app: INestApplication) => void,
): Promise<INestApplication> {
  const controllers = controller === undefined ? [] : [controller];
  const module = await Test.createTestingModule({ imports, controllers }).compile();
  const app = module.createNestApplication();
  apps.push(app);
  app.useLogger(false);
  connect?.(app);
  if (connect) await app.startAllMicroservices();
  await app.init();
  return app;
}

const typeOrm = (url: string): DynamicModule => TypeOrmModule.forRoot({ type: 'postgres', url, retryAttempts: 0 });

const stockIn = (url: string, location: TableLocation): Promise<INestApplication> =>
  start(
    [
      typeOrm(url),
      ParticipantModule.forRoot({
        service: 'stock',
        commands: [reserve, release],
        events: [reserved],
        kafka: kafka(),
        ...location,
      }),
    ],
    Stock,
    connectParticipant,
  );

const paymentIn = (url: string, location: TableLocation): Promise<INestApplication> =>
  start(
    [
      typeOrm(url),
      ParticipantModule.forRoot({
        service: 'payment',
        commands: [charge],
        events: [charged],
        kafka: kafka(),
        ...location,
      }),
    ],
    Payment,
    connectParticipant,
  );

const reportsIn = (url: string, location: TableLocation): Promise<INestApplication> =>
  start(
    [typeOrm(url), SubscriberModule.forRoot({ group: 'reports', kafka: kafka(), ...location })],
    Reports,
    connectSubscriber,
  );

const orchestratorIn = (databaseUrl: string, location: TableLocation): Promise<INestApplication> =>
  start([
    OrchestratorModule.forRoot({
      definitions: [selling],
      databaseUrl,
      kafka: kafka(),
      lifecycleEvents: true,
      ...location,
    }),
  ]);

async function databaseWith(
  ...sets: [location: TableLocation, migrations: readonly TableMigrationClass[]][]
): Promise<{ url: string; pool: Pool }> {
  const url = await servers.database();
  await migrate(
    url,
    sets.flatMap(([location, migrations]) => migrationsIn(location, migrations)),
  );
  return { url, pool: servers.pool(url) };
}

const tablesIn = async (pool: Pool, schema: string): Promise<string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1 ORDER BY 1`,
    [schema],
  );
  return rows.map(({ name }) => name);
};

it('runs all roles side by side in one schema of one database, each with tables of its own', async () => {
  const ORCHESTRATOR = { schema: 'palinode', tablePrefix: 'sagas_' };
  const STOCK = { schema: 'palinode', tablePrefix: 'stock_' };
  const PAYMENT = { schema: 'palinode' };
  const REPORTS = { tablePrefix: 'reports_' };
  const { url, pool } = await databaseWith(
    [ORCHESTRATOR, orchestratorMigrations],
    [STOCK, participantMigrations],
    [PAYMENT, participantMigrations],
    [REPORTS, subscriberMigrations],
  );
  // Tables of the application that have names of the library's.
  await pool.query('CREATE TABLE reserved (item text); CREATE TABLE outbox (n int); CREATE TABLE saga (n int)');
  await orchestratorIn(url, ORCHESTRATOR);
  const stock = await stockIn(url, STOCK);
  await paymentIn(url, PAYMENT);
  await reportsIn(url, REPORTS);

  const source = stock.get(DataSource);
  for (const item of ['lamp', 'gold']) await source.transaction((tx) => stock.get(Sagas).start(tx, sell, { item }));
  const ended = await waitUntil('both sagas have ended', async () => {
    const { rows } = await pool.query<{ subject: string; status: string }>(
      'SELECT subject, status FROM palinode.sagas_saga ORDER BY subject DESC',
    );
    return rows.length === 2 && rows.every(({ status }) => /^COMP\w+ED$/.test(status)) && rows;
  });
  expect(ended).toEqual([
    { subject: 'lamp', status: 'COMPLETED' },
    { subject: 'gold', status: 'COMPENSATED' },
  ]);
  expect((await pool.query('SELECT item FROM reserved')).rows).toEqual([{ item: 'lamp' }]);
  await waitUntil('the subscriber has handled the events of both participants', () => heard.length === 3);
  expect(heard.toSorted()).toEqual(['charged lamp', 'reserved gold', 'reserved lamp']);

  const outcomes = async (inbox: string): Promise<unknown[]> =>
    (await pool.query(`SELECT outcome FROM ${inbox} ORDER BY outcome`)).rows;
  expect(await outcomes('palinode.stock_inbox')).toEqual(Array.from({ length: 3 }, () => ({ outcome: 'success' })));
  expect(await outcomes('palinode.inbox')).toEqual([{ outcome: 'refusal' }, { outcome: 'success' }]);
  await waitUntil('the outboxes are empty', async () => {
    const { rows } = await pool.query(
      `SELECT id FROM palinode.sagas_outbox UNION ALL SELECT id FROM palinode.stock_outbox UNION ALL
       SELECT id FROM palinode.sagas_event_outbox UNION ALL SELECT id FROM palinode.stock_event_outbox UNION ALL
       SELECT id FROM palinode.event_outbox`,
    );
    return rows.length === 0;
  });
  const partitions = (await tablesIn(pool, 'palinode')).filter((name) => /inbox_\d{8}$/.test(name));
  expect(partitions.filter((name) => name.startsWith('stock_inbox_'))).toHaveLength(5);
  expect(partitions).toHaveLength(10);
  expect(await tablesIn(pool, 'public')).toEqual([
    'migrations',
    'outbox',
    'reports_event_inbox',
    'reports_event_position',
    'reserved',
    'saga',
  ]);
});

describe('the start of a participant', () => {
  it('names the migrations that have not run, whichever tool runs them', async () => {
    const { url } = await databaseWith([{ tablePrefix: 'stock_' }, participantMigrations.slice(0, -2)]);
    await expect(stockIn(url, { tablePrefix: 'stock_' })).rejects.toThrow(
      /has no table stock_third_party_call; run participantMigrations on it .* It lacks DigestCommands1764000000060, CreateThirdPartyCalls1764500000032\./,
    );
  });

  it('fails when a table of the application has the name of one of its tables', async () => {
    const url = await servers.database();
    await servers.pool(url).query('CREATE TABLE outbox (n int)');
    await migrate(url, participantMigrations);
    await expect(stockIn(url, {})).rejects.toThrow(
      /tables of these names with other columns; .* It lacks CreateParticipantTables1763600000000\. .* choose another schema or tablePrefix/,
    );
  });

  it('fails when the tables are in another schema than it was given', async () => {
    const { url } = await databaseWith([{}, participantMigrations]);
    await expect(stockIn(url, { schema: 'palinode' })).rejects.toThrow(
      /has no table palinode\.inbox, palinode\.outbox/,
    );
  });

  it.each(['Palinode', 'pg_own', 'a;b', ''])('rejects the schema and the prefix "%s"', (name) => {
    expect(() => migrationsIn(name, participantMigrations)).toThrow(/cannot be the schema; use lower-case letters/);
    const options = { service: 'shop', commands: [], kafka: { brokers: ['kafka:9092'] } };
    expect(() => ParticipantModule.forRoot({ ...options, schema: name })).toThrow(/cannot be the schema/);
    expect(() => ParticipantModule.forRoot({ ...options, tablePrefix: name })).toThrow(/cannot be the tablePrefix/);
  });
});

describe('migrations in a schema', () => {
  it('need no privilege to create a schema that exists', async () => {
    const url = await servers.database();
    const role = `migrator_${new URL(url).pathname.slice(1)}`;
    await servers.administrate(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    await servers.pool(url).query(`CREATE SCHEMA palinode AUTHORIZATION ${role}`);
    await servers.pool(url).query(`CREATE SCHEMA AUTHORIZATION ${role}`);
    const own = Object.assign(new URL(url), { username: role, password: 'secret' });
    await migrate(own.href, migrationsIn('palinode', participantMigrations));
    expect(await tablesIn(servers.pool(url), 'palinode')).toContain('inbox');
  });

  it('can be undone', async () => {
    const migrations = migrationsIn({ schema: 'palinode', tablePrefix: 'shop_' }, orchestratorMigrations);
    const source = await new DataSource({ type: 'postgres', url: await servers.database(), migrations }).initialize();
    try {
      await source.runMigrations();
      for (const _ of migrations) await source.undoLastMigration();
      expect(await source.query(`SELECT FROM pg_class WHERE relnamespace = 'palinode'::regnamespace`)).toEqual([]);
    } finally {
      await source.destroy();
    }
  });
});
