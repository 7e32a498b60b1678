import { BadRequestException, Body, Controller, Get, Post, type INestApplication } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import supertest, { type Response } from 'supertest';
import { HandTransport } from '../../test/hand-transport';
import { RealServers } from '../../test/real-servers';
import { placeOrder } from '../../test/sample-saga';
import { Orchestrator, OrchestratorModule, orchestratorMigrations, SAGA_TRANSPORT } from '../orchestrator';
import { AdminModule, describeAdminApi, type AdminOptions } from '.';

/* The admin API in another application that has set up nothing for it: no filter, no pipe, no prefix. */

@Controller('v1/rooms')
class Rooms {
  @Get()
  list(): string[] {
    return ['blue'];
  }

  @Get('broken')
  broken(): never {
    throw new BadRequestException('no such room');
  }

  @Post()
  add(@Body() room: object): object {
    return room;
  }
}

let servers: RealServers;
let app: INestApplication<Server>;

beforeAll(async () => {
  servers = await RealServers.start();
  app = await start();
});
afterAll(async () => {
  await app?.close();
  await servers?.stop();
});

async function start(
  options?: AdminOptions,
  prepare?: (app: INestApplication) => void,
  initialised = true,
): Promise<INestApplication<Server>> {
  const databaseUrl = await servers.database(orchestratorMigrations);
  const orchestrator = OrchestratorModule.forRoot({
    definitions: [placeOrder],
    kafka: { brokers: [] },
    databaseUrl,
  });
  const module = await Test.createTestingModule({
    imports: [AdminModule.forRoot({ ...options, imports: [orchestrator] }), orchestrator, TerminusModule],
    controllers: [Rooms],
  })
    .overrideProvider(SAGA_TRANSPORT)
    .useValue(new HandTransport())
    .compile();
  const application = module.createNestApplication<INestApplication<Server>>();
  application.useLogger(false);
  prepare?.(application);
  if (initialised) await application.init();
  return application;
}

const get = async (path: string, of = app): Promise<Response> => supertest(of.getHttpServer()).get(path);
const post = async (path: string, body: string): Promise<Response> =>
  supertest(app.getHttpServer()).post(path).set('content-type', 'application/json').send(body);
const UNKNOWN = '019b76da-a800-7000-8000-00000000beef';

describe('the admin API in an application that has set up nothing for it', () => {
  it.each([
    ['a filter that is not valid', '/v1/sagas?limit=none', 400],
    ['a parameter that it does not know', '/v1/sagas?colour=blue', 400],
    ['a parameter where it takes none', '/v1/overview?colour=blue', 400],
    ['a filter that names what is not there', '/v1/sagas?definition=nothing', 422],
    ['an invalid id', '/v1/sagas/beef', 400],
    ['an unknown id', `/v1/sagas/${UNKNOWN}`, 404],
    ['an unknown route below a resource', '/v1/sagas/a/b/c', 404],
    ['an unknown route below its prefix', '/v1/nowhere', 404],
    ['its prefix itself', '/v1', 404],
  ])('answers %s with problem details', async (_what, path, status) => {
    const answer = await get(path);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.body).toEqual({
      type: expect.any(String),
      title: expect.any(String),
      status,
      detail: expect.any(String),
      instance: path.split('?')[0],
      ...(status === 400 || status === 422
        ? { errors: expect.arrayContaining([{ field: expect.any(String), problem: expect.any(String) }]) }
        : {}),
    });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['has a field that is wrong', '/v1/holds', '{"reason":7}'],
    ['is no JSON', `/v1/sagas/${UNKNOWN}/cancel`, '{'],
    ['is no JSON', '/v1/holds', '{"service":'],
  ])('answers a body that %s with problem details', async (_what, path, body) => {
    const answer = await post(path, body);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status: 400, detail: expect.any(String), instance: path });
  });

  it("does not change the application's own routes and errors", async () => {
    expect((await get('/v1/rooms')).body).toEqual(['blue']);
    expect((await get('/v1/rooms/broken')).body).toEqual({
      message: 'no such room',
      error: 'Bad Request',
      statusCode: 400,
    });
    expect((await post('/v1/rooms', '{"colour":"red","unknown":1}')).body).toEqual({ colour: 'red', unknown: 1 });
    expect((await post('/v1/rooms', '{')).body).toMatchObject({ error: 'Bad Request', statusCode: 400 });
    expect((await get('/nowhere')).body).toEqual({
      message: 'Cannot GET /nowhere',
      error: 'Not Found',
      statusCode: 404,
    });
  });

  it('describes only its own routes', () => {
    const { paths, components } = describeAdminApi(app);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/v1/sagas', '/v1/dead-letters', '/v1/health']));
    expect(Object.keys(paths)).not.toContain('/v1/rooms');
    expect(components?.schemas).toHaveProperty('ProblemDetails');
  });

  it('reports whether sagas advance', async () => {
    const answer = await get('/v1/health');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'ok', orchestrator: { status: 'up' } });
  });

  it('is served below the given path and the prefix of the application', async () => {
    const other = await start({ path: 'sagas-admin' }, (each) => each.setGlobalPrefix('api'));
    try {
      expect((await get('/api/sagas-admin/v1/sagas', other)).body).toMatchObject({ items: [] });
      const { headers, body } = await get('/api/sagas-admin/v1/nowhere', other);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({ detail: 'Cannot GET /api/sagas-admin/v1/nowhere' });
      expect((await get('/api/v1/nowhere', other)).body).toMatchObject({ error: 'Not Found', statusCode: 404 });
    } finally {
      await other.close();
    }
  });
});

describe('the orchestrator as a health indicator of @nestjs/terminus', () => {
  it('is up while sagas advance', async () => {
    const health = await app.resolve(HealthCheckService, undefined, { strict: false });
    const orchestrator = app.get(Orchestrator, { strict: false });
    expect(await health.check([() => orchestrator.isHealthy('orchestrator')])).toMatchObject({
      status: 'ok',
      details: { orchestrator: { status: 'up' } },
    });
  });

  it('is down, with the reason, before it listens', async () => {
    const other = await start(undefined, undefined, false);
    const health = await other.resolve(HealthCheckService, undefined, { strict: false });
    const orchestrator = other.get(Orchestrator, { strict: false });
    await expect(health.check([() => orchestrator.isHealthy('orchestrator')])).rejects.toMatchObject({
      response: {
        status: 'error',
        error: { orchestrator: { status: 'down', message: 'the orchestrator has not started consuming yet' } },
      },
    });
    await other.close();
  });
});
