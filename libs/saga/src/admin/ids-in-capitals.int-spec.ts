/*
 * Every route of the admin API that takes an id, from its OpenAPI description: capitals and lower case get the same
 * response.
 */
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DEAD_LETTERS, ORCHESTRATOR_COMMANDS } from '../contract';
import { deadLetter } from '../messaging';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminUnderTest } from '../../test/admin-under-test';
import { aStart, incoming, passedOn } from '../../test/messages';
import { anOrder, placeOrder } from '../../test/sample-saga';

let admin: AdminUnderTest;
let document: OpenAPIObject;
const subject = '0190a7d4-0000-7000-8000-00000000beef';
const start = aStart('place-order', anOrder(), { subject });
let letterId: string;
let groupId: string;
let holdId: string;
let bulkActionId: string;
const faultId = '0190a7d4-0000-7000-8000-0000000fab1e';

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder]);
  document = SwaggerModule.createDocument(admin.app, new DocumentBuilder().build());
  await admin.begin(start);
  const unread = { ...incoming(ORCHESTRATOR_COMMANDS, '{'), key: Buffer.from(start.sagaid) };
  await admin.transport.deliver(passedOn(deadLetter(unread, { reason: 'no-json' }, 'orchestrator', DEAD_LETTERS)));
  ({ id: letterId, group: groupId } = (await admin.get('dead-letters')).body.items[0]);
  holdId = (await admin.post('holds', { where: { service: 'payment' }, reason: 'a look' })).body.id;
  await admin.delete(`holds/${holdId.toUpperCase()}?reason=looked`);
  // As a service with the FaultsModule records it.
  await admin.store.pool.query(
    `INSERT INTO operator_action (id, at, operator, action, target, target_id, event)
     VALUES (gen_random_uuid(), now(), 'ada', 'arm', 'fault', $1, '{}')`,
    [faultId],
  );
  const ids = [start.sagaid.toUpperCase()];
  bulkActionId = (await admin.post('bulk-actions', { action: 'retry', ids, reason: 'a look' })).body.id;
  await waitUntil(
    'it is completed',
    async () => (await admin.get(`bulk-actions/${bulkActionId}`)).body.status === 'completed',
  );
});

afterAll(() => admin?.stop());

interface Route {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
}

function routes(): Route[] {
  return Object.entries(document.paths).flatMap(([path, { get, post, delete: remove }]) => [
    ...(get ? [{ method: 'get' as const, path }] : []),
    ...(post ? [{ method: 'post' as const, path }] : []),
    ...(remove ? [{ method: 'delete' as const, path }] : []),
  ]);
}

/** An action on a saga that has changed since is answered with 412 only when the saga was found. */
const OF_ANOTHER_REVISION = { 'if-match': '"999"' };

/** Sends a request with an id in the path; timestamps and paths in the response are ignored. */
async function ask({ method, path }: Route, id: string): Promise<unknown> {
  const url = path.replace('/v1/', '').replace('{id}', id).replace('{name}', 'no-such-signal');
  const answers = {
    get: () => admin.get(url),
    post: () => admin.post(url, { reason: 'a look' }, OF_ANOTHER_REVISION),
    delete: () => admin.delete(`${url}?reason=again`),
  };
  const { status, body } = await answers[method]();
  const { instance: _path, ...rest } = Object(body) as { instance?: string };
  return { status, body: Array.isArray(body) ? body : rest };
}

function idFor({ path }: Route): string {
  if (path.includes('holds')) return holdId;
  if (path.includes('bulk-actions')) return bulkActionId;
  return path.includes('dead-letters') ? letterId : start.sagaid;
}

it('every route of the admin API with an id in its path answers capitals like lower case', async () => {
  const withId = routes().filter(({ path }) => path.includes('{id}'));
  expect(withId.length).toBeGreaterThanOrEqual(13);
  for (const route of withId) {
    const id = idFor(route);
    const answer = await ask(route, id);
    expect({ route, answer: await ask(route, id.toUpperCase()) }).toEqual({ route, answer });
    expect(answer).not.toMatchObject({ status: 404, body: { detail: expect.stringContaining(id.toUpperCase()) } });
  }
});

it('an operator action takes an id in capitals', async () => {
  const response = await admin.post(
    `sagas/${start.sagaid.toUpperCase()}/pause`,
    { reason: 'a look' },
    { 'if-match': '*' },
  );
  expect(response.status).toBe(200);
  expect(response.body).toMatchObject({ id: start.sagaid, status: 'PAUSED' });
});

it.each([
  ['sagas?subject=', () => subject],
  ['dead-letters?saga=', () => start.sagaid],
  ['operator-actions?action=pause&saga=', () => start.sagaid],
  ['operator-actions?action=discard&deadLetter=', () => letterId],
  ['operator-actions?action=retry&bulkAction=', () => bulkActionId],
  ['dead-letters?group=', () => groupId],
  ['sagas?incident=', async () => (await admin.get('incidents')).body.items[0].id as string],
  ['operator-actions?action=hold&hold=', () => holdId],
  ['operator-actions?action=arm&fault=', () => faultId],
])('the filter %s finds the same by capitals and by lower case', async (filter, id) => {
  const value = await id();
  const small = await admin.get(filter + value);
  const capitals = await admin.get(filter + value.toUpperCase());
  expect(small.body.items).toHaveLength(1);
  expect(capitals.body).toEqual(small.body);
});

it('every filter of the admin API that is an id is tested', () => {
  const filters = Object.values(document.paths).flatMap(({ get }) =>
    (get?.parameters ?? []).flatMap((each) => ('in' in each && each.in === 'query' ? [each] : [])),
  );
  const ids = filters.filter(({ schema }) => schema !== undefined && 'format' in schema && schema.format === 'uuid');
  expect(ids.map(({ name }) => name).toSorted()).toEqual([
    'bulkAction',
    'deadLetter',
    'fault',
    'group',
    'hold',
    'incident',
    // Of the live stream, which reads them as the lists do.
    'incident',
    'saga',
    'saga',
    'saga',
  ]);
});

it('a saga that is started with its business key in capitals has the same key', async () => {
  const capitals = aStart('place-order', anOrder(), { subject: subject.toUpperCase() });
  await admin.begin(capitals);
  expect((await admin.get(`sagas/${capitals.sagaid}`)).body.subject).toBe(subject);
});
