import { Controller, Injectable, Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AdminModule } from '../admin';
import { defineEvent, defineStart, type Reply } from '../contract';
import { FaultsModule } from '../faults';
import { HOOKS } from '../messaging';
import { Orchestrator, OrchestratorModule, orchestratorMigrations, SAGA_TRANSPORT } from '.';
import {
  connectParticipant,
  Events,
  HandleCommand,
  ParticipantModule,
  participantMigrations,
  Sagas,
} from '../participant';
import { connectSubscriber, HandleEvent, Subscriber, SubscriberModule, subscriberMigrations } from '../subscriber';
import { HandTransport } from '../../test/hand-transport';
import { aCommand, aStart, incomingCommand, incomingStart } from '../../test/messages';
import { RealServers } from '../../test/real-servers';
import { Act, actAlone, Acted } from '../../test/sample-participant';
import { placeOrder } from '../../test/sample-saga';
import { SagaStore } from '../store';

let servers: RealServers;
const apps: INestApplication[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => servers?.stop());

const kafka = { brokers: ['kafka:9092'] };

/** An application of these modules, whose messages the test delivers. */
async function start(
  imports: NonNullable<DynamicModule['imports']>,
  {
    connect,
    ...own
  }: Pick<DynamicModule, 'controllers' | 'providers'> & { readonly connect?: (app: INestApplication) => void } = {},
): Promise<{ app: INestApplication; transport: HandTransport }> {
  const transport = new HandTransport();
  const module = await Test.createTestingModule({ imports, ...own })
    .overrideProvider(SAGA_TRANSPORT)
    .useValue(transport)
    .compile();
  const app = module.createNestApplication();
  apps.push(app);
  app.useLogger(false);
  connect?.(app);
  if (connect) await app.startAllMicroservices();
  await app.init();
  return { app, transport };
}

const configured = (databaseUrl: string): Promise<DynamicModule> =>
  ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => ({ databaseUrl, brokers: ['kafka:9092'] })] });

const typeOrm = (url: string, name = 'default'): DynamicModule =>
  TypeOrmModule.forRoot({ type: 'postgres', name, url, retryAttempts: 0 });

@Controller()
class Shop {
  @HandleCommand(actAlone)
  async act({ item }: Act, tx: EntityManager): Promise<Acted> {
    await tx.query('CREATE TABLE IF NOT EXISTS done (item text)');
    await tx.query('INSERT INTO done VALUES ($1)', [item]);
    return { effect: 1 };
  }
}

const acted = defineEvent('shop.acted', { payload: Act, subject: ({ item }) => item });

@Controller()
class Reader {
  @HandleEvent(acted)
  async read(): Promise<void> {}
}

describe('OrchestratorModule.forRootAsync', () => {
  it('takes its options from a ConfigService', async () => {
    const databaseUrl = await servers.database(orchestratorMigrations);
    const { app, transport } = await start([
      OrchestratorModule.forRootAsync({
        imports: [configured(databaseUrl)],
        inject: [ConfigService],
        useFactory: (config: ConfigService) => ({
          definitions: [placeOrder],
          kafka: { brokers: config.getOrThrow<string[]>('brokers') },
          databaseUrl: config.getOrThrow<string>('databaseUrl'),
        }),
      }),
    ]);
    await transport.deliver(incomingStart(aStart('place-order', { orderId: 'o-1' })));
    const { rows } = await app.get(SagaStore, { strict: false }).pool.query('SELECT status FROM saga');
    expect(rows).toEqual([{ status: 'RUNNING' }]);
    expect(app.get(Orchestrator, { strict: false }).check()).toBeUndefined();
  });

  it('takes its options from a class', async () => {
    const databaseUrl = await servers.database(orchestratorMigrations);
    @Injectable()
    class Options {
      create(): { definitions: [typeof placeOrder]; kafka: typeof kafka; databaseUrl: string } {
        return { definitions: [placeOrder], kafka, databaseUrl };
      }
    }
    const { app } = await start([OrchestratorModule.forRootAsync({ useClass: Options })]);
    expect(app.get(Orchestrator, { strict: false }).check()).toBeUndefined();
  });

  it('names the option that is missing when the application starts', async () => {
    const useFactory = (): { definitions: []; kafka: typeof kafka; databaseUrl: string } => ({
      definitions: [],
      kafka,
      databaseUrl: 'postgres://localhost/x',
    });
    await expect(start([OrchestratorModule.forRootAsync({ useFactory })])).rejects.toThrow(
      /has no definition; add the result/,
    );
  });
});

describe('an orchestrator with a DataSource', () => {
  it('keeps its sagas in the database of the default DataSource', async () => {
    const url = await servers.database(orchestratorMigrations);
    const { app, transport } = await start([
      typeOrm(url),
      OrchestratorModule.forRoot({ definitions: [placeOrder], kafka, dataSource: getDataSourceToken() }),
    ]);
    await transport.deliver(incomingStart(aStart('place-order', { orderId: 'o-1' })));
    const source = app.get<DataSource>(getDataSourceToken());
    expect(await source.query('SELECT status FROM saga')).toEqual([{ status: 'RUNNING' }]);
  });

  it('keeps its sagas in the database of a named DataSource, with its own planner settings', async () => {
    const [url, other] = await Promise.all([servers.database(orchestratorMigrations), servers.database()]);
    const { app, transport } = await start([
      typeOrm(other),
      typeOrm(url, 'sagas'),
      OrchestratorModule.forRootAsync({
        dataSource: getDataSourceToken('sagas'),
        useFactory: () => ({ definitions: [placeOrder], kafka }),
      }),
    ]);
    await transport.deliver(incomingStart(aStart('place-order', { orderId: 'o-1' })));
    const source = app.get<DataSource>(getDataSourceToken('sagas'));
    expect(await source.query('SELECT status FROM saga')).toEqual([{ status: 'RUNNING' }]);
    const { rows } = await app.get(SagaStore, { strict: false }).pool.query('SHOW enable_seqscan');
    expect(rows).toEqual([{ enable_seqscan: 'off' }]);
  });

  it.each([
    ['none', {}, /has no database; set databaseUrl, or dataSource to the token of a TypeORM DataSource/],
    ['two', { databaseUrl: 'postgres://localhost/x', dataSource: 'x' }, /has two databases; set either databaseUrl or/],
  ])('fails to start with %s', (_what, options, message) => {
    expect(() => OrchestratorModule.forRoot({ definitions: [placeOrder], kafka, ...options })).toThrow(message);
  });
});

describe('ParticipantModule.forRootAsync', () => {
  it('takes its options from a ConfigService, and runs handlers on a named DataSource', async () => {
    const url = await servers.database(participantMigrations);
    const { app, transport } = await start(
      [
        typeOrm(url, 'shop'),
        ParticipantModule.forRootAsync({
          dataSource: getDataSourceToken('shop'),
          imports: [configured(url)],
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            service: 'shop',
            commands: [actAlone],
            kafka: { brokers: config.getOrThrow<string[]>('brokers') },
          }),
        }),
      ],
      { controllers: [Shop], connect: connectParticipant },
    );
    await transport.deliver(incomingCommand(aCommand(actAlone, { item: 'lamp' })));
    expect(transport.sent<Reply>('orchestrator.replies.shop')).toMatchObject([{ outcome: 'success' }]);
    expect(await app.get<DataSource>(getDataSourceToken('shop')).query('SELECT item FROM done')).toEqual([
      { item: 'lamp' },
    ]);
  });
});

describe('a participant of an application with several DataSources', () => {
  const started = defineStart('place-order', { input: Act, subject: ({ item }) => item });

  it('uses the one that it was given, and rejects transactions of the others', async () => {
    const [url, other] = await Promise.all([servers.database(participantMigrations), servers.database()]);
    const { app, transport } = await start(
      [
        typeOrm(other),
        typeOrm(url, 'shop'),
        typeOrm(other, 'reports'),
        ParticipantModule.forRoot({
          service: 'shop',
          commands: [actAlone],
          events: [acted],
          kafka,
          dataSource: getDataSourceToken('shop'),
        }),
      ],
      { controllers: [Shop], connect: connectParticipant },
    );
    await transport.deliver(incomingCommand(aCommand(actAlone, { item: 'lamp' })));
    const [shop, unnamed, reports] = ['shop', 'default', 'reports'].map((name) =>
      app.get<DataSource>(getDataSourceToken(name)),
    ) as [DataSource, DataSource, DataSource];
    expect(await shop.query('SELECT item FROM done')).toEqual([{ item: 'lamp' }]);
    const [sagas, events] = [app.get(Sagas, { strict: false }), app.get(Events, { strict: false })];
    await shop.transaction((tx) => sagas.start(tx, started, { item: 'lamp' }));
    await shop.transaction((tx) => events.publish(tx, acted, { item: 'lamp' }));
    for (const source of [unnamed, reports]) {
      const remedy = /begin it with the DataSource that ParticipantModule was given/;
      await expect(source.transaction((tx) => sagas.start(tx, started, { item: 'lamp' }))).rejects.toThrow(remedy);
      await expect(source.transaction((tx) => events.publish(tx, acted, { item: 'lamp' }))).rejects.toThrow(remedy);
    }
  });
});

describe('SubscriberModule.forRootAsync', () => {
  it('takes its options from a ConfigService, and uses a named DataSource', async () => {
    const url = await servers.database(subscriberMigrations);
    const { app } = await start(
      [
        typeOrm(url, 'reports'),
        SubscriberModule.forRootAsync({
          dataSource: getDataSourceToken('reports'),
          imports: [configured(url)],
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            group: 'reports',
            kafka: { brokers: config.getOrThrow<string[]>('brokers') },
          }),
        }),
      ],
      { controllers: [Reader], connect: connectSubscriber },
    );
    expect(app.get(Subscriber, { strict: false }).check()).toBeUndefined();
    expect(app.get(Subscriber, { strict: false }).isHealthy('reports')).toEqual({ reports: { status: 'up' } });
  });
});

describe('FaultsModule.forRootAsync', () => {
  it('takes its options from a ConfigService, except the name of the service', async () => {
    const databaseUrl = await servers.database();
    const { app } = await start([
      FaultsModule.forRootAsync({
        service: 'orchestrator',
        isGlobal: true,
        imports: [configured(databaseUrl)],
        inject: [ConfigService],
        useFactory: (config: ConfigService) => ({
          databaseUrl: config.getOrThrow<string>('databaseUrl'),
          url: 'http://127.0.0.1',
        }),
      }),
      OrchestratorModule.forRoot({
        definitions: [placeOrder],
        kafka,
        databaseUrl: await servers.database(orchestratorMigrations),
        isGlobal: true,
      }),
    ]);
    expect(app.get<object>(HOOKS)).toHaveProperty('beforeCommit');
  });
});

describe('the exports of a module', () => {
  @Injectable()
  class Starter {
    constructor(readonly sagas: Sagas) {}
  }

  const shop = async (isGlobal: boolean): Promise<DynamicModule[]> => [
    typeOrm(await servers.database(participantMigrations)),
    ParticipantModule.forRoot({ service: 'shop', commands: [], kafka, isGlobal }),
  ];

  @Module({ providers: [Starter] })
  class Elsewhere {}

  it('exports a module’s providers only to modules that import it', async () => {
    await expect(start([...(await shop(false)), Elsewhere])).rejects.toThrow(
      /Nest can't resolve dependencies of the Starter/,
    );
  });

  it('exports a module’s providers to every module of the application with isGlobal', async () => {
    const { app } = await start([...(await shop(true)), Elsewhere], { connect: connectParticipant });
    expect(app.get(Starter, { strict: false }).sagas).toBeInstanceOf(Sagas);
  });

  it('lets the admin API find the exports of the module that it imports', async () => {
    const databaseUrl = await servers.database(orchestratorMigrations);
    const orchestrator = OrchestratorModule.forRoot({ definitions: [placeOrder], kafka, databaseUrl });
    const { app } = await start([orchestrator, AdminModule.forRoot({ imports: [orchestrator] })]);
    expect(app.get(Orchestrator, { strict: false }).check()).toBeUndefined();
  });
});
