import { orderApproved, orderPlaced, orderRejected, orderRevised, type OrderPlaced } from '@palinode/contracts';
import { defineEvent } from '@palinode/saga/contract';
import { IsUUID } from 'class-validator';
import request from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Notification } from './notifications/notification-messages';
import { NotificationsModule } from './notifications.module';
import { NotificationProvider, type CustomerMessage } from './notification-provider/notification-provider';
let notifications: ServiceUnderTest;

beforeAll(async () => {
  notifications = await ServiceUnderTest.start({
    name: 'notifications',
    module: (environment) => NotificationsModule.with(environment),
    subscriber: true,
  });
});
afterAll(() => notifications?.stop());

class Shipped {
  @IsUUID() orderId!: string;
}
/** An event that this version of the service does not know. */
const orderShipped = defineEvent('order.shipped', { payload: Shipped, subject: ({ orderId }) => orderId });

const http = (): ReturnType<typeof request> => request(notifications.app.getHttpServer());
const anOrder = (orderId = v7()): OrderPlaced => ({
  orderId,
  customerId: 'c-1',
  lines: [{ sku: 'SKU-CUP', name: 'Porcelain cup', quantity: 2, unitPriceCents: 1_250 }],
  totalCents: 2_500,
  currency: 'EUR',
});
const sentTo = async (orderId: string): Promise<Notification[]> =>
  (await http().get('/notifications').query({ orderId }).expect(200)).body.items;
const kindsOf = async (orderId: string): Promise<string[]> => (await sentTo(orderId)).map(({ kind }) => kind);
const hasSent = (orderId: string, ...kinds: string[]): Promise<true> =>
  waitUntil(kinds.join(', '), async () => String(await kindsOf(orderId)) === String(kinds));

describe('a customer', () => {
  it('notifies the customer when an order is placed and when it is approved', async () => {
    const order = anOrder();
    await notifications.orchestrator.publish(orderPlaced, order);
    await notifications.orchestrator.publish(orderApproved, order);
    await hasSent(order.orderId, 'order-placed', 'order-approved');
    expect((await sentTo(order.orderId))[0]).toEqual({
      orderId: order.orderId,
      kind: 'order-placed',
      revision: 0,
      customerId: 'c-1',
      subject: 'We have your order',
      text: 'Thank you for your order of 2 × Porcelain cup for 25.00 EUR. We tell you when it is settled.',
      createdAt: expect.any(String),
    });
  });

  it('notifies the customer once of each event, even when it is delivered or published twice', async () => {
    const order = anOrder();
    const id = v7();
    const last = anOrder();
    for (let n = 0; n < 3; n += 1) await notifications.orchestrator.publish(orderPlaced, order, { id });
    await notifications.orchestrator.publish(orderPlaced, order);
    await notifications.orchestrator.publish(orderRejected, { ...order, reason: 'card-declined' });
    await notifications.orchestrator.publish(orderPlaced, last);
    await hasSent(last.orderId, 'order-placed');
    await hasSent(order.orderId, 'order-placed', 'order-rejected');
  });

  it('notifies the customer once of each revision of an order', async () => {
    const order = anOrder();
    const revised = { ...order, linesBefore: order.lines, totalCentsBefore: 2_500 };
    for (const revision of [4, 6, 4, 6])
      await notifications.orchestrator.publish(orderRevised, { ...revised, revision });
    const last = anOrder();
    await notifications.orchestrator.publish(orderPlaced, last);
    await hasSent(last.orderId, 'order-placed');
    await hasSent(order.orderId, 'order-revised', 'order-revised');
    expect((await sentTo(order.orderId)).map(({ revision }) => revision)).toEqual([4, 6]);
  });

  it('notifies the customer when the events arrive out of order', async () => {
    const order = anOrder();
    await notifications.orchestrator.publish(orderApproved, order);
    await notifications.orchestrator.publish(orderPlaced, order);
    await hasSent(order.orderId, 'order-approved', 'order-placed');
  });

  it('notifies the customer of an event with an unknown field, and after an unknown or invalid event', async () => {
    const order = anOrder();
    await notifications.orchestrator.publish(orderShipped, { orderId: order.orderId });
    await notifications.orchestrator.publish(orderPlaced, { ...order, totalCents: 'much' } as never);
    await notifications.orchestrator.publish(orderPlaced, { ...order, gift: true } as OrderPlaced);
    await hasSent(order.orderId, 'order-placed');
  });
});

describe('the notification provider', () => {
  it('repeats a failed message under the same idempotency key, and sends the next message once', async () => {
    const posted: CustomerMessage[] = [];
    const [first, second] = [anOrder(), anOrder()];
    let failures = 2;
    const post = jest.spyOn(notifications.app.get(NotificationProvider), 'send').mockImplementation(async (letter) => {
      posted.push(letter);
      if (letter.idempotencyKey.startsWith(first.orderId) && (failures -= 1) >= 0) throw new Error('no connection');
    });
    try {
      await notifications.orchestrator.publish(orderPlaced, first);
      await notifications.orchestrator.publish(orderPlaced, second);
      await hasSent(first.orderId, 'order-placed');
      await hasSent(second.orderId, 'order-placed');
    } finally {
      post.mockRestore();
    }
    const keys = posted.map(({ idempotencyKey }) => idempotencyKey);
    expect(keys.filter((key) => key === `${first.orderId}/order-placed`)).toHaveLength(3);
    expect(keys.filter((key) => key === `${second.orderId}/order-placed`)).toHaveLength(1);
  });
});

describe('GET /notifications', () => {
  it('answers 400 without an order id', async () => {
    await http().get('/notifications').expect(400);
  });

  it('answers an empty list for an unknown order', async () => {
    expect(await sentTo(v7())).toEqual([]);
  });
});

it('reports the notifications service as ready once it consumes events', async () => {
  const { body } = await http().get('/readyz').expect(200);
  expect(body.details).toEqual({ database: { status: 'up' }, subscriber: { status: 'up' } });
});
