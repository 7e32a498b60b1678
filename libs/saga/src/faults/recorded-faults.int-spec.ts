/* Who may do what to faults and beside them, and what operators do to faults, as the operator log tells it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import supertest from 'supertest';
import { accessKeys, AdminModule } from '../admin';
import { SAGA_TRANSPORT } from '../messaging';
import { OrchestratorModule, orchestratorMigrations } from '../orchestrator';
import { HandTransport } from '../../test/hand-transport';
import { RealServers } from '../../test/real-servers';
import { placeOrder } from '../../test/sample-saga';
import { FaultsModule } from './faults.module';
import type { FaultView } from './fault.view';

const LOST_REPLY = {
  service: 'payment',
  command: 'payment.capture',
  point: 'before-publish',
  effect: { type: 'drop-reply' },
};
const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'palinode-recorded-faults-'));
const file = join(folder, 'keys');
writeFileSync(
  file,
  ['ada operator', 'bob viewer'].map((line) => `${line} sha256:${digest(line.split(' ')[0] ?? '')}`).join('\n'),
);

let servers: RealServers;
let app: INestApplication<Server>;

beforeAll(async () => {
  servers = await RealServers.start();
  const databaseUrl = await servers.database(orchestratorMigrations);
  const module = await Test.createTestingModule({
    imports: [
      FaultsModule.forRoot({ service: 'orchestrator', databaseUrl, url: 'http://127.0.0.1', isGlobal: true }),
      OrchestratorModule.forRoot({ definitions: [placeOrder], kafka: { brokers: [] }, databaseUrl, isGlobal: true }),
      AdminModule.forRoot({ access: accessKeys({ file }) }),
    ],
  })
    .overrideProvider(SAGA_TRANSPORT)
    .useValue(new HandTransport())
    .compile();
  app = module.createNestApplication();
  app.useLogger(false);
  await app.init();
});

afterAll(async () => {
  await app?.close();
  await servers?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object, key = 'ada') {
  const request = supertest(app.getHttpServer())[method](`/v1/${path}`).set('x-request-id', `request-${method}`);
  const asked = key === '' ? request : request.set('authorization', `Bearer ${key}`);
  return asked.send(body);
}

const arm = async (): Promise<FaultView> => (await ask('post', 'faults', LOST_REPLY)).body as FaultView;
const recorded = async (query: string): Promise<object[]> =>
  ((await ask('get', `operator-actions?${query}`)).body as { items: object[] }).items;

it('tells who armed, changed and disarmed a fault, by which key and request, and how it was before', async () => {
  const { id } = await arm();
  await ask('patch', `faults/${id}`, { count: 2 });
  await ask('patch', `faults/${id}`, { enabled: false });
  await ask('delete', `faults/${id}`);
  const by = { operator: 'ada', role: 'operator', key: digest('ada').slice(0, 12), target: 'fault', fault: id };
  const twice = { ...LOST_REPLY, count: 2 };
  expect(await recorded('target=fault')).toMatchObject([
    { ...by, action: 'disarm', requestId: 'request-delete', before: { fault: twice } },
    {
      ...by,
      action: 'change',
      requestId: 'request-patch',
      before: { fault: { ...twice, enabled: true } },
      after: { fault: { ...twice, enabled: false } },
    },
    { ...by, action: 'change', before: { fault: LOST_REPLY }, after: { fault: twice } },
    { ...by, action: 'arm', requestId: 'request-post', after: { fault: LOST_REPLY } },
  ]);
  expect(await recorded(`fault=${(await arm()).id}`)).toMatchObject([{ action: 'arm' }]);
  expect(await recorded(`fault=${id}`)).toHaveLength(4);
  expect((await ask('get', 'operator-actions/verification')).body).toMatchObject({
    status: 'intact',
    last: { position: 5 },
  });
});

it('tells of each fault that a reset disarmed, and of nothing when none was armed', async () => {
  const ids = [(await arm()).id, (await arm()).id];
  await ask('post', 'faults/reset');
  const disarmed = (): Promise<object[]> => recorded('action=disarm&limit=2');
  const after = await disarmed();
  expect(after.map((entry) => (entry as { fault: string }).fault).toSorted()).toEqual(ids.toSorted());
  await ask('post', 'faults/reset');
  expect(await disarmed()).toEqual(after);
});

it('keeps the faults and the log as they are when who asks is unknown, or may only look', async () => {
  const { id } = await arm();
  const before = await recorded('');
  for (const [key, status] of [
    ['', 401],
    ['eve', 401],
    ['bob', 403],
  ] as const) {
    const answers = [
      await ask('post', 'faults', LOST_REPLY, key),
      await ask('patch', `faults/${id}`, { count: 3 }, key),
      await ask('delete', `faults/${id}`, undefined, key),
      await ask('post', 'faults/reset', undefined, key),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([status, status, status, status]);
  }
  expect((await ask('get', 'faults')).body).toMatchObject({ items: [{ id }] });
  expect(await recorded('')).toEqual(before);
});

interface Route {
  readonly method: string;
  readonly path: string;
}

/** The routes as they are registered, those that no OpenAPI document shows included. */
function routes(): Route[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: { route?: RegisteredRoute }[] } };
  return router.stack.flatMap(({ route }) =>
    Object.keys(route?.methods ?? {}).map((method) => ({ method, path: route?.path ?? '' })),
  );
}

interface RegisteredRoute {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
}

/** Routes that need no key: health, signing in and out, reading faults, and what services ask about faults. */
const OPEN = [
  'delete /v1/session',
  'get /v1/faults',
  'get /v1/faults/:id',
  'get /v1/faults/catalog',
  'get /v1/faults/feed',
  'get /v1/faults/hits',
  'get /v1/health',
  'head /v1/faults/feed',
  'post /v1/faults/hits',
  'post /v1/session',
];

/** Sends a request with an invalid id, query, body and headers. */
async function probe({ method, path }: Route, key?: string): Promise<number> {
  const url = `${path.replaceAll(/:\w+/g, 'none')}?limit=none&dryRun=perhaps&nothing=1`;
  const headers = { 'x-operator': 'not a name', 'if-match': 'none', ...(key && { authorization: `Bearer ${key}` }) };
  const request = supertest(app.getHttpServer())[method as 'post'](url).set(headers);
  return (await (method === 'get' || method === 'head' ? request : request.send({ nothing: 1 }))).status;
}

it.each([
  ['without a key', undefined, 401],
  ['with a key that is none', 'eve', 401],
  ['with the key of a viewer, where something changes', 'bob', 403],
] as const)('refuses a request %s before it looks at what is wrong with it, on every route', async (_, key, status) => {
  const guarded = routes().filter(
    ({ method, path }) => !OPEN.includes(`${method} ${path}`) && (status === 401 || method !== 'get'),
  );
  expect(guarded.length).toBeGreaterThanOrEqual(20);
  const answered = await Promise.all(
    guarded.map(async (route) => `${route.method} ${route.path} ${await probe(route, key)}`),
  );
  expect(answered).toEqual(guarded.map(({ method, path }) => `${method} ${path} ${status}`));
});

it('tells nothing of a fault that does not exist, or that could never strike', async () => {
  const before = await recorded('');
  const { id } = await arm();
  await ask('delete', `faults/${id}`);
  expect((await ask('delete', `faults/${id}`)).status).toBe(404);
  expect((await ask('patch', `faults/${id}`, { count: 1 })).status).toBe(404);
  expect((await ask('post', 'faults', { ...LOST_REPLY, service: 'moon' })).status).toBe(422);
  expect((await recorded('')).length).toBe(before.length + 2);
});
