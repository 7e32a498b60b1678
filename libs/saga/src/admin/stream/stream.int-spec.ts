import { EventStreamClient, type FollowOptions } from '@palinode/test-support/network/event-stream-client';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { v7 as uuidV7 } from 'uuid';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart, incoming } from '../../../test/messages';
import { anOrder, placeOrder } from '../../../test/sample-saga';
import type { SagaSummary } from '../saga.view';
import { StreamEventReader } from './stream-event-reader';

type Data = Record<string, unknown>;
type Client = EventStreamClient<Data>;

let admin: AdminUnderTest;

beforeAll(async () => {
  admin = await listening(await AdminUnderTest.start([placeOrder], { holdAfter: 'never' }));
});
afterAll(() => admin?.stop());

const opened: Client[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.leave();
});

async function listening(instance: AdminUnderTest): Promise<AdminUnderTest> {
  await instance.app.listen(0, '127.0.0.1');
  return instance;
}

async function follow(query = '', options: FollowOptions = {}, instance = admin): Promise<Client> {
  const url = `${await instance.app.getUrl()}/v1/stream${query}`;
  const client = await EventStreamClient.follow<Data>(url, options);
  opened.push(client);
  // What happens from now on is told.
  if (client.status === 200) await waitUntil('it begins', () => client.lastEventId !== undefined);
  return client;
}

const seen = async (client: Client, event: string, fits: (data: Data) => boolean): Promise<Data> => {
  const found = (): Data | undefined => client.events.find((each) => each.event === event && fits(each.data))?.data;
  return waitUntil(`an event ${event}`, found);
};

async function begun(): Promise<string> {
  const start = aStart('place-order', anOrder());
  await admin.begin(start);
  return start.sagaid;
}

const act = (id: string, action: string): Promise<unknown> =>
  admin.post(`sagas/${id}/${action}`, { reason: 'OPS-15' }, { 'if-match': '*', 'x-operator': 'ada' });

it('tells what became of a saga, as the list of sagas shows it', async () => {
  const client = await follow();
  expect(client.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const id = await begun();
  const data = await seen(client, 'saga', (saga) => saga['id'] === id);
  const { body } = await admin.get(`sagas?q=${id}`);
  expect(data).toEqual((body.items as SagaSummary[])[0]);
});

it('tells of incidents, operator actions, holds and dead letters, as their lists show them', async () => {
  const client = await follow();
  const id = await begun();
  await act(id, 'pause');
  const action = await seen(client, 'operator-action', ({ saga }) => saga === id);
  expect(action).toMatchObject({ action: 'pause', operator: 'ada', revision: 2 });
  const joined = await seen(client, 'incident', ({ count }) => count === 1);
  expect(joined).toMatchObject({ incident: { reason: 'operator', sample: { saga: id } } });
  await act(id, 'resume');
  await seen(client, 'incident', (incident) => incident['id'] === joined['id'] && incident['count'] === 0);

  const { body: hold, status } = await admin.post('holds', { where: { service: 'payment' }, reason: 'it is away' });
  expect({ status, hold }).toMatchObject({ status: 201 });
  // Sagas of other tests may come to wait for it meanwhile.
  const waiting = expect.any(Object);
  expect(await seen(client, 'hold', (data) => data['id'] === hold.id)).toEqual({ ...hold, waiting });
  await admin.delete(`holds/${hold.id}?reason=back`);
  await seen(client, 'hold', (data) => data['id'] === hold.id && data['ended'] !== undefined);

  await admin.transport.deliver(incoming('saga.dead-letters', 'no message'));
  const letter = await seen(client, 'dead-letter', () => true);
  expect((await admin.get('dead-letters')).body.items).toContainEqual(letter);
});

it('reads once for clients with the same query, also for one that continues after an event by a parameter', async () => {
  const read = jest.spyOn(StreamEventReader.prototype, 'read');
  try {
    const first = await follow('?events=saga');
    const continuing = await follow(`?events=saga&lastEventId=${encodeURIComponent(first.lastEventId ?? '')}`);
    const told = (id: string): Promise<unknown> =>
      Promise.all([first, continuing].map((client) => seen(client, 'saga', (saga) => saga['id'] === id)));
    // From now on both are told the same.
    await told(await begun());
    const id = await begun();
    await told(id);
    expect(read.mock.calls.filter(([{ sagas }]) => sagas.includes(id))).toHaveLength(1);
  } finally {
    read.mockRestore();
  }
});

it('tells the progress of a bulk action', async () => {
  const client = await follow('?events=bulk-action');
  const ids = [await begun(), await begun()];
  const { body } = await admin.post('bulk-actions', { action: 'pause', ids, reason: 'OPS-15' });
  const ended = await seen(client, 'bulk-action', ({ status }) => status === 'completed');
  expect(ended).toMatchObject({ id: body.id, items: { done: 2 } });
  expect(new Set(client.events.map(({ event }) => event))).toEqual(new Set(['ping', 'bulk-action']));
});

it('tells of the sagas that match the filters, and which of those that changed no longer do', async () => {
  const client = await follow('?status=PAUSED&events=saga');
  const [paused, running] = [await begun(), await begun()];
  await act(paused, 'pause');
  await seen(client, 'saga', (saga) => saga['id'] === paused && saga['status'] === 'PAUSED');
  await seen(client, 'unmatched', ({ ids }) => (ids as string[]).includes(running));
  const before = client.events.length;
  await act(paused, 'resume');
  await waitUntil('it no longer matches', () =>
    client.events
      .slice(before)
      .some(({ event, data }) => event === 'unmatched' && (data['ids'] as string[]).includes(paused)),
  );
  expect(client.events.filter(({ event, data }) => event === 'saga' && data['status'] !== 'PAUSED')).toEqual([]);
});

it('tells a client that follows one saga how it is, at once and after each change, and nothing of others', async () => {
  const [id, other] = [await begun(), await begun()];
  const client = await follow(`?saga=${id}`);
  const first = await seen(client, 'saga', ({ revision }) => revision === 1);
  expect(first).toEqual((await admin.get(`sagas/${id}`)).body);
  await act(other, 'pause');
  await act(id, 'pause');
  const paused = await seen(client, 'saga', ({ revision }) => revision === 2);
  expect(paused).toMatchObject({ availableActions: ['resume', 'cancel'], history: [{ seq: 1 }, { seq: 2 }] });
  await seen(client, 'operator-action', ({ saga }) => saga === id);
  expect(JSON.stringify(client.events)).not.toContain(other);
});

it('tells a client that reconnects to another instance what it has missed', async () => {
  const client = await follow();
  const id = await begun();
  await seen(client, 'saga', (saga) => saga['id'] === id);
  client.leave();
  await act(id, 'pause');
  const later = await begun();
  const another = await listening(await admin.another([placeOrder]));
  try {
    const again = await follow('', { lastEventId: client.lastEventId }, another);
    await seen(again, 'saga', (saga) => saga['id'] === id && saga['status'] === 'PAUSED');
    await seen(again, 'saga', (saga) => saga['id'] === later);
    await seen(again, 'operator-action', ({ saga }) => saga === id);
    // What the first instance changes is told by the other, too.
    await act(later, 'pause');
    await seen(again, 'saga', (saga) => saga['id'] === later && saga['status'] === 'PAUSED');
    const ended = again.hasEnded();
    await another.stop();
    await ended;
    expect(again.events.at(-1)).toMatchObject({ event: 'dropped', data: { reason: 'stopping' } });
  } finally {
    await another.stop();
  }
});

it('takes the last id from the address of a client that cannot set the header', async () => {
  const client = await follow();
  const id = await begun();
  await seen(client, 'saga', (saga) => saga['id'] === id);
  const position = client.lastEventId;
  const later = await begun();
  const again = await follow(`?lastEventId=${position}`);
  await seen(again, 'saga', (saga) => saga['id'] === later);
  expect(again.events.filter(({ event }) => event === 'reset')).toEqual([]);
});

it('tells a client whose position is unknown to load everything anew', async () => {
  const client = await follow('', { lastEventId: 'of another stream' });
  expect(client.events[0]).toMatchObject({ event: 'reset', data: { reason: 'unknown-position' } });
  const id = await begun();
  await seen(client, 'saga', (saga) => saga['id'] === id);
});

it.each([
  ['a filter beside one saga', `saga=${uuidV7()}&status=PAUSED`, 'status', 422],
  ['an unknown event', 'events=saga,weather', 'events', 400],
  ['an unknown filter', 'colour=red', 'colour', 400],
])('refuses %s and names it', async (_, query, field, expected) => {
  const { status, body } = await admin.get(`stream?${query}`);
  expect(status).toBe(expected);
  expect(body.errors).toEqual([{ field, problem: expect.any(String) }]);
});
