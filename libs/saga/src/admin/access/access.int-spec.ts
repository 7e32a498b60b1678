/* Who may use which route of the admin API; the routes are those of its OpenAPI document. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { v7 as uuidV7 } from 'uuid';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart } from '../../../test/messages';
import { anOrder, placeOrder } from '../../../test/sample-saga';
import { describeAdminApi } from '../describe-admin-api';
import { ROLES, type Role } from './access';
import { AccessGuard } from './access.guard';
import { accessKeys } from './access-keys';

const folder = mkdtempSync(join(tmpdir(), 'palinode-access-'));
const file = join(folder, 'keys');
const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
const keyOf = (role: Role): string => `pk_${role}`;
writeFileSync(
  file,
  ROLES.map((role) => `${role}@ops ${role} sha256:${createHash('sha256').update(keyOf(role)).digest('hex')}`).join(
    '\n',
  ),
);

let admin: AdminUnderTest;
let url: string;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder], { access: accessKeys({ file }), holdAfter: 'never' });
  await admin.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(admin.app.getHttpServer().address() as AddressInfo).port}`;
});

afterAll(async () => {
  await admin?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Route {
  readonly method: string;
  readonly path: string;
}

function routes(): Route[] {
  return Object.entries(describeAdminApi(admin.app).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method, path: path.replaceAll(/\{\w+\}/g, uuidV7()) })),
  );
}

interface Answered {
  readonly status: number;
  readonly body: never;
  readonly cookie: string | null;
}

/** Streams are left at their head; a body that fits no route changes nothing. */
async function ask(
  { method, path }: Route,
  headers: Readonly<Record<string, string>> = {},
  body: object = { nothing: 1 },
) {
  const response = await fetch(`${url}${path}`, {
    method: method.toUpperCase(),
    headers: { ...headers, ...(method === 'get' ? {} : { 'content-type': 'application/json' }) },
    body: method === 'get' ? undefined : JSON.stringify(body),
  });
  const isJson = /\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  const answer: unknown = isJson ? await response.json() : await response.body?.cancel();
  return { status: response.status, body: answer as Answered['body'], cookie: response.headers.get('set-cookie') };
}

const shows = (role: Role): Record<string, string> => ({ authorization: `Bearer ${keyOf(role)}` });
const named = ({ method, path }: Route): string => `${method} ${path}`;
const ADMIN = ['get /v1/keys'];

/** The routes that answer neither 401 nor 403. */
async function passing(headers: Record<string, string>): Promise<string[]> {
  const answers = await Promise.all(
    routes().map(async (route) => ({ route, status: (await ask(route, headers)).status })),
  );
  return answers.filter(({ status }) => status !== 401 && status !== 403).map(({ route }) => named(route));
}

describe('access by keys', () => {
  it('lets nobody without a key in, except to the health check and to sign in and out', async () => {
    // The body of the last one is not valid.
    expect(await passing({})).toEqual(
      expect.arrayContaining(['get /v1/health', 'delete /v1/session', 'post /v1/session']),
    );
    expect(await passing({})).toHaveLength(3);
    expect(await passing({ authorization: 'Bearer pk_eve' })).toHaveLength(3);
    expect(await ask({ method: 'get', path: '/v1/sagas' })).toMatchObject({
      status: 401,
      body: {
        type: 'urn:palinode:problem:unauthenticated',
        detail: expect.stringMatching(/Bearer/),
        signsInByKey: true,
      },
    });
  });

  it('lets a viewer read everything but the keys, and change nothing', async () => {
    const acting = (await passing(shows('viewer'))).filter((route) => !route.startsWith('get '));
    expect(acting.toSorted()).toEqual(['delete /v1/session', 'post /v1/session']);
    const reading = routes()
      .map(named)
      .filter((route) => route.startsWith('get ') && !ADMIN.includes(route));
    expect((await passing(shows('viewer'))).length - acting.length).toBe(reading.length);
    const denied = await ask({ method: 'post', path: '/v1/holds' }, shows('viewer'));
    expect(denied).toMatchObject({ status: 403, body: { detail: 'viewer@ops is viewer; this needs operator.' } });
  });

  it('lets an operator act, and an admin see who has keys', async () => {
    await expect(passing(shows('operator'))).resolves.toHaveLength(routes().length - ADMIN.length);
    await expect(passing(shows('admin'))).resolves.toHaveLength(routes().length);
    const { body } = await ask({ method: 'get', path: '/v1/keys' }, shows('admin'));
    const viewer = { id: expect.stringMatching(/^[0-9a-f]{12}$/), name: 'viewer@ops', role: 'viewer' };
    expect(body).toEqual({ items: expect.arrayContaining([viewer]) });
  });

  it('records whose key it was, whatever X-Operator says', async () => {
    const start = aStart('place-order', anOrder());
    await admin.begin(start);
    const headers = { ...shows('operator'), 'if-match': '*', 'x-operator': 'somebody-else' };
    const paused = await ask({ method: 'post', path: `/v1/sagas/${start.sagaid}/pause` }, headers, { reason: 'INC-7' });
    expect(paused).toMatchObject({ status: 200, body: { status: 'PAUSED' } });
    const { body } = await ask({ method: 'get', path: '/v1/operator-actions?limit=1' }, shows('viewer'));
    const key = digest(keyOf('operator')).slice(0, 12);
    const entry = { action: 'pause', operator: 'operator@ops', role: 'operator', key };
    expect(body).toMatchObject({ items: [entry] });
  });

  it('keeps the key of a browser in a cookie that scripts and other sites cannot use', async () => {
    const session = { method: 'post', path: '/v1/session' };
    expect(await ask(session, {}, { key: 'pk_eve' })).toMatchObject({ status: 401, cookie: null });
    const { body, cookie } = await ask(session, {}, { key: keyOf('viewer') });
    const viewer = { name: 'viewer@ops', role: 'viewer', open: false };
    expect(body).toEqual(viewer);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    const shown = { cookie: cookie?.split(';')[0] ?? '' };
    expect((await ask({ method: 'get', path: '/v1/session' }, shown)).body).toEqual(viewer);
    expect((await ask({ method: 'delete', path: '/v1/session' })).cookie).toMatch(/Max-Age=0/);
    expect((await ask(session, {}, { key: 'two words' })).status).toBe(400);
  });
});

describe('access that nobody has decided on', () => {
  const before = process.env['NODE_ENV'];
  afterEach(() => {
    process.env['NODE_ENV'] = before;
  });

  it('ends the start in production, with the remedy', async () => {
    process.env['NODE_ENV'] = 'production';
    const starting = Test.createTestingModule({ providers: [AccessGuard] }).compile();
    await expect(starting).rejects.toThrow(/the admin API must know who may use it: add `access/);
  });
});
