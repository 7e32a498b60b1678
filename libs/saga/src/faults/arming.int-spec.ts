/* Faults armed over HTTP at the orchestrator, as they reach a service, strike there, and are told of. */
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import supertest from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminModule } from '../admin';
import type { SagaDetail } from '../admin/saga.view';
import { HOOKS, SAGA_TRANSPORT, type HookContext } from '../messaging';
import { OrchestratorModule, orchestratorMigrations } from '../orchestrator';
import { HandTransport } from '../../test/hand-transport';
import { aStart, incomingStart } from '../../test/messages';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { anOrder, placeOrder } from '../../test/sample-saga';
import { FaultEngine } from './fault-engine';
import { FaultFeedClient } from './fault-feed';
import { FaultHooks } from './fault-hooks';
import type { FaultView, HitList } from './fault.view';
import { FaultsModule } from './faults.module';
import { Hits } from './hits';

const LOST_REPLY = {
  service: 'payment',
  command: 'payment.capture',
  direction: 'action',
  point: 'before-publish',
  effect: { type: 'drop-reply' },
  count: 1,
  ttl: '10m',
};

let servers: RealServers;
let databaseUrl: string;
let orchestrator: INestApplication<Server>;
let port = 0;
let pool: Pool;
let payment: FaultEngine;
let feed: FaultFeedClient;
let transport: HandTransport;

async function startOrchestrator(): Promise<INestApplication<Server>> {
  transport = new HandTransport();
  const module = await Test.createTestingModule({
    imports: [
      FaultsModule.forRoot({ service: 'orchestrator', databaseUrl, url: 'http://127.0.0.1', isGlobal: true }),
      OrchestratorModule.forRoot({ definitions: [placeOrder], kafka: { brokers: [] }, databaseUrl, isGlobal: true }),
      AdminModule,
    ],
  })
    .overrideProvider(SAGA_TRANSPORT)
    .useValue(transport)
    .compile();
  const app = module.createNestApplication<INestApplication<Server>>();
  app.useLogger(false);
  await app.listen(port, '127.0.0.1');
  port = (app.getHttpServer().address() as AddressInfo).port;
  return app;
}

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database(orchestratorMigrations);
  orchestrator = await startOrchestrator();
  pool = servers.pool(await servers.database());
  const hits = new Hits(pool, 'payment');
  await hits.prepare();
  payment = new FaultEngine('payment', hits, new RecordingLog());
  feed = new FaultFeedClient(`http://127.0.0.1:${port}`, payment, hits, new RecordingLog());
  await feed.start();
});

afterAll(async () => {
  await feed?.stop();
  await orchestrator?.close();
  await servers?.stop();
});

const http = (): ReturnType<typeof supertest> => supertest(`http://127.0.0.1:${port}`);
const arm = async (fault: object = LOST_REPLY): Promise<FaultView> =>
  (await http().post('/v1/faults').send(fault).expect(201)).body as FaultView;
const aTarget = (sagaId = uuidV7()): HookContext => ({
  messageId: uuidV7(),
  sagaId,
  command: 'payment.capture',
  direction: 'action',
  attempt: 1,
});
const strikes = async (target = aTarget()): Promise<boolean> =>
  (await payment.struckBy('before-publish', target)) !== undefined;
const hitsOf = async (sagaId: string): Promise<HitList['items']> =>
  ((await http().get(`/v1/faults/hits?sagaId=${sagaId}`).expect(200)).body as HitList).items;

afterEach(async () => {
  await http().post('/v1/faults/reset').expect(204);
});

describe('HEAD /v1/faults/feed', () => {
  it('is answered at once, and nobody is waited for who asked so', async () => {
    const instance = uuidV7();
    const knows = 'nothing';
    await http().head('/v1/faults/feed').query({ service: 'payment', instance, knows }).expect(200);
    expect(await arm()).toMatchObject({ reached: 1, behind: 0 });
    await http().head('/v1/faults/feed').query({ service: 'payment', instance: 'none', knows }).expect(400);
  });
});

describe('POST /v1/faults', () => {
  it('arms a fault and answers once the service knows it', async () => {
    const armed = await arm();
    expect(armed).toMatchObject({ command: 'payment.capture', count: 1, hits: 0, reached: 1, behind: 0 });
    expect(Date.parse(armed.expiresAt ?? '')).toBeGreaterThan(Date.now() + 9 * 60_000);
    expect([await strikes(), await strikes()]).toEqual([true, false]);
  });

  it.each(['count', 'ttl', 'probability', 'seed', 'command', 'direction', 'subject', 'attempt', 'skip', 'every'])(
    'arms the same fault whether %s is null or missing',
    async (field) => {
      const missing: Record<string, unknown> = { ...LOST_REPLY };
      delete missing[field];
      const [withNull, without] = await Promise.all(
        [{ ...LOST_REPLY, [field]: null }, missing].map((fault) => http().post('/v1/faults').send(fault).expect(201)),
      );
      const shape = ({ id: _id, armedAt: _at, expiresAt: _until, ...rest }: Record<string, unknown>): object => rest;
      expect(shape(withNull?.body)).toEqual(shape(without?.body));
    },
  );

  it('refuses a parameter that it does not know, and arms nothing', async () => {
    const before = (await http().get('/v1/faults').expect(200)).body as object;
    await http().post('/v1/faults?dryRun=true').send(LOST_REPLY).expect(400);
    expect((await http().get('/v1/faults').expect(200)).body).toEqual(before);
    await http().get('/v1/faults/catalog?colour=blue').expect(400);
  });

  it.each([
    [{ ...LOST_REPLY, service: 'moon' }, 'service'],
    [{ ...LOST_REPLY, point: 'received' }, 'effect.type'],
    [{ ...LOST_REPLY, point: 'before-handler', effect: { type: 'refuse', reason: 'no' } }, 'effect.reason'],
  ])('answers 422 with the possible values to a fault that can never occur: %j', async (fault, field) => {
    const { body } = await http().post('/v1/faults').send(fault).expect(422);
    expect(body.errors).toEqual([{ field, problem: expect.stringContaining('must be one of') }]);
  });

  it.each([
    [{}, 'service'],
    [{ ...LOST_REPLY, effect: 'drop-reply' }, 'effect'],
    [{ ...LOST_REPLY, effect: { type: 'explode' } }, 'effect.type'],
    [{ ...LOST_REPLY, ttl: 'soon' }, 'ttl'],
    [{ ...LOST_REPLY, often: true }, 'often'],
    [{ ...LOST_REPLY, probability: 2 }, 'probability'],
  ])('answers 400 to %j and names %s', async (fault, field) => {
    const { body } = await http().post('/v1/faults').send(fault).expect(400);
    expect((body.errors as { field: string }[]).map((error) => error.field)).toContain(field);
  });
});

describe('an armed fault', () => {
  it('is listed with its number of hits', async () => {
    const { id } = await arm();
    await strikes();
    await waitUntil('the hit to be told', async () => (await http().get(`/v1/faults/${id}`)).body.hits === 1);
    expect((await http().get('/v1/faults').expect(200)).body.items).toMatchObject([{ id, hits: 1 }]);
  });

  it('can be changed, disabled and disarmed', async () => {
    const { id } = await arm();
    await strikes();
    await http().patch(`/v1/faults/${id}`).send({ count: 2 }).expect(200);
    expect([await strikes(), await strikes()]).toEqual([true, false]);
    await http().patch(`/v1/faults/${id}`).send({ count: 4 }).expect(200);
    await http().patch(`/v1/faults/${id}`).send({ enabled: false }).expect(200);
    expect(await strikes()).toBe(false);
    await http().patch(`/v1/faults/${id}`).send({ enabled: true }).expect(200);
    expect([await strikes(), await strikes(), await strikes()]).toEqual([true, true, false]);
    await http().delete(`/v1/faults/${id}`).expect(204);
    expect(await strikes()).toBe(false);
    await http().delete(`/v1/faults/${id}`).expect(404);
  });

  it('expires after its time to live', async () => {
    await arm({ ...LOST_REPLY, count: undefined, ttl: '300ms' });
    await waitUntil('its end', async () => !(await strikes()));
    expect((await http().get('/v1/faults')).body.items).toEqual([]);
  });

  it('outlives the orchestrator, and reaches a service that could not ask meanwhile', async () => {
    await arm({ ...LOST_REPLY, count: undefined });
    await orchestrator.close();
    expect(await strikes()).toBe(true);
    orchestrator = await startOrchestrator();
    expect((await http().get('/v1/faults')).body.items).toHaveLength(1);
    await waitUntil('the service to ask again', async () => {
      const [item] = (await http().get('/v1/faults')).body.items as FaultView[];
      return item?.reached === 1;
    });
    const { id } = (await http().get('/v1/faults')).body.items[0] as FaultView;
    await http().delete(`/v1/faults/${id}`).expect(204);
    expect(await strikes()).toBe(false);
  });
});

describe('a hit of a fault', () => {
  it('appears once in the history of its saga, and leaves the saga unchanged', async () => {
    const start = aStart('place-order', anOrder());
    await transport.deliver(incomingStart(start));
    await arm();
    const target = aTarget(start.sagaid);
    expect(await strikes(target)).toBe(true);
    const saga = async (): Promise<SagaDetail> =>
      (await http().get(`/v1/sagas/${start.sagaid}`).expect(200)).body as SagaDetail;
    const notes = async (): Promise<object[]> =>
      (await saga()).history.map(({ event }) => event).filter((event) => 'hitId' in event);
    await waitUntil('the note', async () => (await notes()).length === 1);
    expect(await notes()).toEqual([
      {
        kind: 'fault-struck',
        hitId: expect.any(String),
        service: 'payment',
        point: 'before-publish',
        effect: 'drop-reply',
        command: 'payment.capture',
        messageId: target.messageId,
      },
    ]);
    // Told again, as by a service that died before it could keep that it had told.
    await http()
      .post('/v1/faults/hits')
      .send({ hits: await hitsOf(start.sagaid) })
      .expect(204);
    expect(await notes()).toHaveLength(1);
    expect((await saga()).status).toBe('RUNNING');
  });

  it('is listed even when its saga never began', async () => {
    await arm();
    const target = aTarget();
    await strikes(target);
    await waitUntil('the hit', async () => (await hitsOf(target.sagaId)).length === 1);
    expect(await hitsOf(target.sagaId)).toMatchObject([{ messageId: target.messageId, effect: 'drop-reply' }]);
  });
});

it('GET /v1/faults/catalog lists the possible faults', async () => {
  const { body } = await http().get('/v1/faults/catalog').expect(200);
  expect(body.services).toEqual(['inventory', 'orchestrator', 'order', 'payment']);
  expect(body.commands).toContainEqual({
    name: 'payment.void',
    service: 'payment',
    directions: ['compensation'],
    refusals: [],
  });
  expect(body.possible.participant['before-publish']).toContain('drop-reply');
  expect(body.possible.orchestrator['before-handler']).toBeUndefined();
});

it('the faults module does not load in production', () => {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    expect(() => FaultsModule.forRoot({ service: 'order', databaseUrl, url: 'http://x' })).toThrow('FAULTS_URL');
  } finally {
    process.env['NODE_ENV'] = before;
  }
});

it('the faults module provides the fault engine to the modules of the library', () => {
  expect(orchestrator.get(HOOKS)).toBeInstanceOf(FaultHooks);
});
