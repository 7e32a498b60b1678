import request from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Follower } from '../../test/follower';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { EventStreams } from './event-streams';

let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(orderService, {
    EVENT_STREAMS: '6',
    EVENT_STREAMS_PER_ORDER: '2',
    EVENT_STREAMS_PER_CUSTOMER: '4',
    EVENT_HEARTBEAT_MS: '50',
    OPEN_REVISIONS_PER_ORDER: '3',
  });
});
afterAll(() => order?.stop());

const lines = [{ sku: 'SKU-CUP', quantity: 2 }];
const http = (): ReturnType<typeof request> => request(order.app.getHttpServer());
const openStreams = (): number => order.app.get(EventStreams).count;

async function placeFor(customerId: string): Promise<string> {
  const placed = await http().post('/orders').send({ customerId, lines, paymentToken: 'tok_ok' }).expect(202);
  return placed.body.orderId;
}

describe('an instance with limits for streams', () => {
  const opened: Follower[] = [];
  const follow = async (orderId: string): Promise<Follower> => {
    const follower = await Follower.follow(order.url, orderId);
    opened.push(follower);
    return follower;
  };

  afterEach(async () => {
    for (const each of opened.splice(0)) each.leave();
    await waitUntil('all streams end', () => openStreams() === 0);
  });

  it('refuses a stream over the limit of its order with 429, and leaves room for other orders', async () => {
    const [popular, other] = [await placeFor(v7()), await placeFor(v7())];
    for (let n = 0; n < 2; n += 1) expect((await follow(popular)).status).toBe(200);
    await http()
      .get(`/orders/${popular}/events`)
      .expect(429)
      .expect('retry-after', '5')
      .expect(({ body }) => expect(body.detail).toContain(`${popular} is followed by 2 streams`));
    expect((await follow(other)).status).toBe(200);
    opened.shift()?.leave();
    await waitUntil('room', () => openStreams() === 2);
    expect((await follow(popular)).status).toBe(200);
  });

  it('refuses a stream over the limit of its customer with 429, and leaves room for other customers', async () => {
    const customer = v7();
    const own = await Promise.all([1, 2, 3].map(() => placeFor(customer)));
    for (const orderId of [own[0], own[0], own[1], own[1]]) expect((await follow(orderId ?? '')).status).toBe(200);
    const { body } = await http().get(`/orders/${own[2]}/events`).expect(429);
    expect(body).toMatchObject({ type: 'urn:palinode:problem:too-many-streams' });
    expect(body.detail).toContain('this customer');
    expect((await follow(await placeFor(v7()))).status).toBe(200);
  });

  it('refuses a stream over the limit of the instance with 503', async () => {
    for (let n = 0; n < 6; n += 1) expect((await follow(await placeFor(v7()))).status).toBe(200);
    await http()
      .get(`/orders/${await placeFor(v7())}/events`)
      .expect(503)
      .expect('retry-after', '5');
  });
});

it('ends a stream at its maximum age, whether it is read or not, and lets its client resume', async () => {
  const app = await order.another({ EVENT_STREAM_MAX_MS: '200' });
  try {
    const { port } = app.getHttpServer().address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const orderId = await placeFor(v7());
    const reader = await Follower.follow(url, orderId);
    await Follower.follow(url, orderId, { reads: false });
    await waitUntil('both streams end', () => app.get(EventStreams).count === 0);
    await reader.hasEnded();
    // A stream may end before anything was sent on it; its client reconnects until it has every event.
    await waitUntil('the client has read the events', async () => {
      const resumed = await Follower.follow(url, orderId);
      await resumed.hasEnded();
      return resumed.status === 200 && resumed.names.includes('1 placed');
    });
  } finally {
    await app.close();
  }
});

it('refuses a revision over the limit of open revisions with 429, and accepts revisions of other orders', async () => {
  const [revised, other] = [await placeFor(v7()), await placeFor(v7())];
  const revise = (orderId: string): request.Test =>
    http().post(`/orders/${orderId}/revisions`).send({ lines, paymentToken: 'tok_ok' });
  const statuses = (await Promise.all(Array.from({ length: 20 }, () => revise(revised)))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 202)).toHaveLength(3);
  expect(statuses.filter((status) => status === 429)).toHaveLength(17);
  const { body } = await revise(revised).expect(429).expect('retry-after', '5');
  expect(body.detail).toContain('wait until one is settled');
  await revise(other).expect(202);
});
