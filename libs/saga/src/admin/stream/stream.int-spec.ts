import { EventStreamClient, type FollowOptions } from '@palinode/test-support/network/event-stream-client';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart } from '../../../test/messages';
import { anOrder, placeOrder } from '../../../test/sample-saga';
import type { SagaSummary } from '../saga.view';

let admin: AdminUnderTest;
let url: string;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder]);
  await admin.app.listen(0, '127.0.0.1');
  url = `${await admin.app.getUrl()}/v1/stream`;
});

afterAll(() => admin?.stop());

type Client = EventStreamClient<Record<string, unknown>>;

const opened: Client[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.leave();
});

async function follow(query = '', options: FollowOptions = {}): Promise<Client> {
  const client = await EventStreamClient.follow<Record<string, unknown>>(`${url}${query}`, options);
  opened.push(client);
  if (client.status === 200 && options.reads !== false) await seen(client, 'ping');
  return client;
}

const seen = (client: Client, event: string, fits: (data: Record<string, unknown>) => boolean = () => true) =>
  waitUntil(`an event ${event}`, () => client.events.find((each) => each.event === event && fits(each.data)));

async function begun(): Promise<string> {
  const start = aStart('place-order', anOrder());
  await admin.begin(start);
  return start.sagaid;
}

it('tells what became of a saga, as the list of sagas shows it', async () => {
  const client = await follow();
  expect(client.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const id = await begun();
  const { data } = await seen(client, 'saga', (saga) => saga['id'] === id);
  const { body } = await admin.get(`sagas?q=${id}`);
  expect(data).toEqual((body.items as SagaSummary[])[0]);
});
