/* Several orchestrators on one cluster, separated by their names or by the prefixes of their environments. */
import { Controller, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IsString } from 'class-validator';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { Pool } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { aCommand, aReply } from '../../test/messages';
import { RealServers } from '../../test/real-servers';
import { defineCommand, defineStart, topicsOf, ConfigurationError, type SagaStart } from '../contract';
import { defineSaga, type SagaDefinition } from '../definition';
import {
  commandOf,
  connectParticipant,
  HandleCommand,
  ParticipantModule,
  participantMigrations,
  Sagas,
  type ParticipantOptions,
} from '../participant';
import { Redriver } from '../dead-letters/redriver';
import { orchestratorMigrations } from '../store/migrations';
import { OrchestratorModule } from './orchestrator.module';
import type { OrchestratorOptions } from './orchestrator-options';

class Sale {
  @IsString() item!: string;
}

const charge = defineCommand('payment.charge', { payload: Sale });

/** A start, and the definition that it starts, for the orchestrator with this name. */
function saleOf(name: string, orchestrator?: string): { start: SagaStart<Sale>; definition: SagaDefinition } {
  const start = defineStart(name, { input: Sale, subject: ({ item }) => item, orchestrator });
  const definition = defineSaga({ ...start, version: 1 })
    .retriable('charge', { invoke: charge, payload: ({ input }) => ({ item: input.item }), timeout: '1s' })
    .build();
  return { start, definition };
}

@Controller()
class Payment {
  @HandleCommand(charge)
  async charge({ item }: Sale, tx: EntityManager): Promise<void> {
    await tx.query('INSERT INTO charged (saga, item) VALUES ($1, $2)', [commandOf(tx).sagaid, item]);
  }
}

const buying = saleOf('buy', 'shop');
const travelling = saleOf('book-trip', 'travel');
const plain = saleOf('sell');

let servers: RealServers;
let admin: Admin;
const apps: INestApplication[] = [];

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true });
  admin = new Kafka({ brokers: [servers.kafka.address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

afterAll(async () => {
  await admin?.disconnect();
  await servers?.stop();
});

type Chosen = Pick<OrchestratorOptions, 'name' | 'formerName' | 'definitions' | 'takeOverFrom'> & {
  readonly prefix?: string;
};

/** An orchestrator on this database. */
async function orchestrate(databaseUrl: string, { prefix, ...options }: Chosen): Promise<INestApplication> {
  const kafka = { brokers: [servers.kafka.address], topicPrefix: prefix };
  const imports = [OrchestratorModule.forRoot({ ...options, kafka, databaseUrl })];
  return launch(await Test.createTestingModule({ imports }).compile());
}

/** The service `payment`, with a database of its own. */
async function pay(orchestrators?: readonly string[], prefix?: string): Promise<INestApplication> {
  const url = await servers.database(participantMigrations);
  await servers.pool(url).query('CREATE TABLE charged (saga uuid NOT NULL, item text NOT NULL)');
  return serve({ service: 'payment', commands: [charge], orchestrators }, url, prefix);
}

async function serve(
  options: Omit<ParticipantOptions, 'kafka'>,
  url: string,
  prefix?: string,
): Promise<INestApplication> {
  const kafka = { brokers: [servers.kafka.address], topicPrefix: prefix };
  const module = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url, retryAttempts: 0 }),
      ParticipantModule.forRoot({ ...options, kafka }),
    ],
    controllers: options.commands.length > 0 ? [Payment] : [],
  }).compile();
  return launch(module, (app) => connectParticipant(app));
}

async function launch(
  module: Awaited<ReturnType<ReturnType<typeof Test.createTestingModule>['compile']>>,
  connect?: (app: INestApplication) => void,
): Promise<INestApplication> {
  const app = module.createNestApplication();
  app.useLogger(false);
  apps.push(app);
  connect?.(app);
  if (connect) await app.startAllMicroservices();
  return app.init();
}

/** Starts `count` sagas from the service; resolves with their ids. */
async function begin(service: INestApplication, start: SagaStart<Sale>, count: number): Promise<string[]> {
  return service.get(DataSource).transaction(async (tx) => {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1)
      ids.push(await service.get(Sagas).start(tx, start, { item: `${start.name} ${n}` }));
    return ids;
  });
}

interface SagaRow {
  readonly id: string;
  readonly status: string;
}

async function sagasIn(database: Pool): Promise<SagaRow[]> {
  const { rows } = await database.query<SagaRow>('SELECT id, status FROM saga ORDER BY id');
  return rows;
}

function untilCompleted(database: Pool, ids: readonly string[]): Promise<unknown> {
  return waitUntil(`${ids.length} sagas to end`, async () => {
    const ended = new Set((await sagasIn(database)).filter(({ status }) => status === 'COMPLETED').map(({ id }) => id));
    return ids.every((id) => ended.has(id));
  });
}

async function lettersIn(database: Pool): Promise<{ topic: string; reason: string; service: string }[]> {
  const { rows } = await database.query('SELECT topic, reason, service FROM dead_letter');
  return rows as { topic: string; reason: string; service: string }[];
}

async function identityOf(database: Pool): Promise<string> {
  const { rows } = await database.query<{ id: string }>('SELECT database_id AS id FROM orchestrator');
  return rows[0]?.id ?? '';
}

/** The options of an orchestrator whose saga is never started. */
const idle = (name: string): Chosen => ({ name, definitions: [saleOf('sell', name).definition] });
const newDatabase = async (): Promise<Pool> => servers.pool(await servers.database(orchestratorMigrations));
const urlOf = (database: Pool): string => database.options.connectionString ?? '';
const completed = (ids: readonly string[]): SagaRow[] => ids.toSorted().map((id) => ({ id, status: 'COMPLETED' }));

describe('two orchestrators with names of their own, on one cluster', () => {
  it('keep their sagas apart, with a participant that both share', async () => {
    const [shop, travel] = [await newDatabase(), await newDatabase()];
    await orchestrate(urlOf(shop), { name: 'shop', definitions: [buying.definition] });
    await orchestrate(urlOf(travel), { name: 'travel', definitions: [travelling.definition] });
    const payment = await pay(['shop', 'travel']);
    const [sales, trips] = await Promise.all([begin(payment, buying.start, 12), begin(payment, travelling.start, 12)]);
    await untilCompleted(shop, sales);
    await untilCompleted(travel, trips);
    expect(await sagasIn(shop)).toEqual(completed(sales));
    expect(await sagasIn(travel)).toEqual(completed(trips));
    const charged = await payment.get(DataSource).query('SELECT saga FROM charged');
    expect((charged as { saga: string }[]).map(({ saga }) => saga).toSorted()).toEqual([...sales, ...trips].toSorted());
    expect([await lettersIn(shop), await lettersIn(travel)]).toEqual([[], []]);
  });

  it('keep the dead letters of their commands apart', async () => {
    const [shop, travel] = [await newDatabase(), await newDatabase()];
    await orchestrate(urlOf(shop), idle('shop-2'));
    await orchestrate(urlOf(travel), idle('travel-2'));
    await pay(['shop-2', 'travel-2']);
    const producer = new Kafka({ brokers: [servers.kafka.address], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const names = ['travel-2', 'shop-2', 'nobody'];
    const messages = names.map((name) => ({ value: JSON.stringify({ replyto: `${name}.replies.payment` }) }));
    await producer.send({ topic: 'payment.commands', messages });
    await producer.disconnect();
    const letter = { topic: 'payment.commands', reason: 'no-envelope', service: 'payment' };
    // A command that the service does not serve is dead-lettered to the first orchestrator.
    await waitUntil('the letters', async () => (await lettersIn(shop)).length + (await lettersIn(travel)).length >= 3);
    expect([await lettersIn(shop), await lettersIn(travel)]).toEqual([[letter, letter], [letter]]);
  });

  it('reject a start from a service that does not serve them', async () => {
    const payment = await pay(['shop']);
    await expect(begin(payment, travelling.start, 1)).rejects.toThrow(
      new ConfigurationError(
        'book-trip is for the orchestrator travel, which payment does not serve; add it to the orchestrators of ParticipantModule.forRoot.',
      ),
    );
  });
});

describe('two environments with prefixes, on one cluster', () => {
  it('see nothing of each other, although everything else has the same name', async () => {
    const before = await namesOnCluster();
    const environments = ['staging.', 'try-out_'];
    const begun = environments.map(async (prefix) => {
      const database = await newDatabase();
      await orchestrate(urlOf(database), { prefix, definitions: [plain.definition] });
      const payment = await pay(undefined, prefix);
      const ids = await begin(payment, plain.start, 12);
      await untilCompleted(database, ids);
      const charged = await payment.get(DataSource).query('SELECT saga FROM charged');
      return { database, ids, charged: (charged as { saga: string }[]).map(({ saga }) => saga) };
    });
    for (const { database, ids, charged } of await Promise.all(begun)) {
      expect(await sagasIn(database)).toEqual(completed(ids));
      expect(charged.toSorted()).toEqual(ids.toSorted());
      expect(await lettersIn(database)).toEqual([]);
    }
    const made = (await namesOnCluster()).filter((name) => !before.includes(name));
    expect(made.length).toBeGreaterThan(12);
    expect(made.filter((name) => !environments.some((prefix) => name.startsWith(prefix)))).toEqual([]);
  });

  async function namesOnCluster(): Promise<string[]> {
    const { groups } = await admin.listGroups();
    return [...(await admin.listTopics()), ...groups.map(({ groupId }) => groupId)];
  }
});

describe('the name of an orchestrator', () => {
  it('belongs to one database: another is rejected with an error that names the remedy', async () => {
    const [first, second] = [await newDatabase(), await newDatabase()];
    const options = idle('taken');
    await orchestrate(urlOf(first), options);
    const refused: unknown = await orchestrate(urlOf(second), options).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigurationError);
    expect(String(refused)).toContain(
      `Another database, ${await identityOf(first)}, runs the orchestrator taken on this cluster; this one is ${await identityOf(second)}.`,
    );
    // It has claimed nothing, so the first can start again.
    await orchestrate(urlOf(first), options);
    const claims = (await admin.listTopics()).filter((topic) => topicsOf({ orchestrator: 'taken' }).claimedBy(topic));
    expect(claims).toEqual([`taken.database.${await identityOf(first)}`]);
  });

  it('is rejected for both when two databases claim it at the same moment', async () => {
    const [first, second] = [await newDatabase(), await newDatabase()];
    const options = idle('raced');
    await orchestrate(urlOf(first), options);
    await apps.pop()?.close();
    await admin.createTopics({
      topics: [{ topic: `raced.database.${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}` }],
    });
    await expect(orchestrate(urlOf(first), options)).rejects.toThrow('runs the orchestrator raced');
    await expect(orchestrate(urlOf(second), options)).rejects.toThrow('runs the orchestrator raced');
  });

  it('is taken over when an operator says so, and its former database is rejected from then on', async () => {
    const [lost, restored] = [await newDatabase(), await newDatabase()];
    const options = idle('restored');
    await orchestrate(urlOf(lost), options);
    await apps.pop()?.close();
    const takeOverFrom = await identityOf(lost);
    await orchestrate(urlOf(restored), { ...options, takeOverFrom });
    await expect(orchestrate(urlOf(lost), options)).rejects.toThrow(await identityOf(restored));
    await admin.deleteTopics({ topics: [`restored.database.${takeOverFrom}`] });
    await orchestrate(urlOf(restored), options);
  });

  it('stays with its database: the database is rejected under another name', async () => {
    const database = await newDatabase();
    await orchestrate(urlOf(database), idle('first-name'));
    await expect(orchestrate(urlOf(database), idle('other-name'))).rejects.toThrow(
      'The database is that of the orchestrator first-name, and this one is named other-name',
    );
  });

  it('may change: messages in the topics of the old name are still processed, and open sagas end', async () => {
    const prefix = 'renamed.';
    const database = await newDatabase();
    const till = await servers.database(participantMigrations);
    const old = await orchestrate(urlOf(database), { prefix, definitions: [plain.definition] });
    const before = await serve({ service: 'till', commands: [] }, till, prefix);
    const open = await begin(before, plain.start, 4);
    await waitUntil('the sagas to wait for an answer', async () => (await sagasIn(database)).length === open.length);
    await old.close();
    const unread = await begin(before, plain.start, 4);
    const renamed = saleOf('sell', 'shop');
    const options = { name: 'shop', formerName: 'orchestrator', prefix, definitions: [renamed.definition] };
    await orchestrate(urlOf(database), options);
    const payment = await pay(['shop', 'orchestrator'], prefix);
    await untilCompleted(database, [...open, ...unread]);
    await before.close();
    const after = await serve({ service: 'till', commands: [], orchestrators: ['shop', 'orchestrator'] }, till, prefix);
    const late = await begin(after, renamed.start, 4);
    await untilCompleted(database, late);
    expect(await sagasIn(database)).toEqual(completed([...open, ...unread, ...late]));
    const charged = await payment.get(DataSource).query('SELECT saga FROM charged');
    expect(charged).toHaveLength(12);
    // The group of the old name continued at its offset, so no start was read twice.
    const { rows } = await database.query(
      `SELECT event FROM saga_history WHERE ignored IS NOT NULL AND event LIKE '%"kind":"started"%'`,
    );
    expect(rows).toEqual([]);
    await waitUntil('all receipts', async () => {
      const left = await after.get(DataSource).query('SELECT id FROM outbox UNION ALL SELECT id FROM unacknowledged');
      return (left as unknown[]).length === 0;
    });
    // The database has the new name, and works without the old one.
    await apps[apps.length - 3]?.close();
    await orchestrate(urlOf(database), { ...options, formerName: undefined });
  });

  it('may change: dead letters of replies to the old one are redriven while it is read', async () => {
    const prefix = 'reborn.';
    const database = await newDatabase();
    const old = await orchestrate(urlOf(database), { prefix, definitions: [plain.definition] });
    const topic = topicsOf({ prefix }).repliesOf('payment');
    const producer = new Kafka({ brokers: [servers.kafka.address], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const ofNoSaga = JSON.stringify(aReply(aCommand(charge, { item: 'nothing' }), 'success'));
    await producer.send({ topic, messages: [{ key: 'no-saga', value: ofNoSaga }] });
    await producer.disconnect();
    const letters = async (count: number): Promise<{ id: string; service: string; topic: string }[]> =>
      waitUntil(`${count} dead letters`, async () => {
        const { rows } = await database.query('SELECT id, service, topic FROM dead_letter ORDER BY id');
        return rows.length === count && (rows as { id: string; service: string; topic: string }[]);
      });
    const [letter] = await letters(1);
    await old.close();
    const redrive = async (app: INestApplication, id = ''): Promise<unknown> =>
      app.get(Redriver).redrive(id, { by: 'an operator', because: 'a test' });

    const options = { name: 'born', prefix, definitions: [saleOf('sell', 'born').definition] };
    const renamed = await orchestrate(urlOf(database), { ...options, formerName: 'orchestrator' });
    expect(await redrive(renamed, letter?.id)).toMatchObject({ kind: 'stands', letter: { status: 'redriven' } });
    const again = (await letters(2)).find(({ id }) => id !== letter?.id);
    // The renamed orchestrator has read it and dead-lettered it again.
    expect([letter, again]).toMatchObject([
      { service: 'orchestrator', topic },
      { service: 'born', topic },
    ]);
    await renamed.close();

    const later = await orchestrate(urlOf(database), options);
    const detail = expect.stringContaining("formerName: 'orchestrator'") as string;
    const rejection = { reason: 'no-such-topic', detail };
    expect(await redrive(later, again?.id)).toMatchObject({ kind: 'not-redrivable', rejection });
  });

  it('must match its definitions, and must not be the name of a participant', async () => {
    const url = urlOf(await newDatabase());
    await expect(orchestrate(url, { name: 'travel', definitions: [buying.definition] })).rejects.toThrow(
      'buy is for the orchestrator shop, and this one is named travel',
    );
    const { definition } = saleOf('sell', 'payment');
    await expect(orchestrate(url, { name: 'payment', definitions: [definition] })).rejects.toThrow(
      'payment is the name of a participant',
    );
  });
});

describe('the start of a saga that the orchestrator has no definition of', () => {
  it('is dead-lettered as foreign and acknowledged, so that the service does not resend it', async () => {
    const database = await newDatabase();
    const known = saleOf('sell', 'strict');
    await orchestrate(urlOf(database), { name: 'strict', definitions: [known.definition] });
    const payment = await pay(['strict']);
    await begin(payment, saleOf('never-heard-of', 'strict').start, 1);
    const [letter] = await waitUntil('the letter', async () => {
      const letters = await lettersIn(database);
      return letters.length > 0 && letters;
    });
    expect(letter).toEqual({ topic: 'strict.commands', reason: 'foreign-saga', service: 'strict' });
    await waitUntil('the receipt', async () => {
      const left = await payment.get(DataSource).query('SELECT id FROM outbox UNION ALL SELECT id FROM unacknowledged');
      return (left as unknown[]).length === 0;
    });
    expect(await sagasIn(database)).toEqual([]);
  });

  it('waits when another instance has the definition, as in a rolling deployment', async () => {
    const database = await newDatabase();
    const young = saleOf('brand-new', 'rolling');
    const old = await orchestrate(urlOf(database), idle('rolling'));
    // The new instance has run before, and is stopped when the start arrives.
    await orchestrate(urlOf(database), { name: 'rolling', definitions: [young.definition] });
    await apps.pop()?.close();
    const payment = await pay(['rolling']);
    const ids = await begin(payment, young.start, 1);
    await waitUntil('it to wait', async () => (await sagasIn(database)).some(({ status }) => status === 'PAUSED'));
    await orchestrate(urlOf(database), { name: 'rolling', definitions: [young.definition] });
    await old.close();
    await untilCompleted(database, ids);
  });
});
