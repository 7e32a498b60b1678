import type { HoldChanged } from '@palinode/saga/contract';
import { holdEnded, holdPlaced } from '@palinode/saga/contract';
import { capturePayment, confirmOrder, refundPayment } from '@palinode/contracts';
import request from 'supertest';
import { v7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { ServiceUnderTest, urlOf } from '../../../../libs/service/test/service-under-test';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { Outages } from './outages';

let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(
    { ...orderService, readiness: { outages: Outages } },
    { PENDING_ORDERS: '1', PENDING_ORDERS_IN_OUTAGE: '1000' },
  );
});

afterAll(() => order?.stop());

const SINCE = '2026-11-30T01:19:43.000Z';
const waiting = {
  service: 'payment',
  since: SINCE,
  message: `payment is away since ${SINCE}; your order waits`,
};
const body = { customerId: 'c-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok' };

const aHold = (changes: Partial<HoldChanged> = {}): HoldChanged => ({
  holdId: v7(),
  service: 'payment',
  cause: 'silence',
  reason: 'payment has answered no command for 10 s',
  since: SINCE,
  ...changes,
});

const place = (): request.Test => request(order.url).post('/orders').send(body);
const read = async (orderId: string, url = order.url): Promise<Record<string, unknown>> =>
  (await request(url).get(`/orders/${orderId}`).expect(200)).body;
const knows = (hold: HoldChanged): Promise<unknown> =>
  waitUntil('the hold is known', async () => {
    const rows = await order.sql('SELECT FROM outage WHERE hold_id = $1 AND ended_at IS NULL', [hold.holdId]);
    return rows.length === 1;
  });
const untilShown = (shown: boolean, url = order.url): Promise<unknown> =>
  waitUntil('the outage is shown, or no longer shown', async () => {
    const { body: health } = await request(url).get('/readyz').expect(200);
    return (health.details.outages.status !== 'up') === shown;
  });

describe('an outage of a service that orders need', () => {
  const hold = aHold();
  let orderId: string;

  it('reports an outage in the answer to a new order and in every PENDING order, at every instance', async () => {
    orderId = (await place().expect(202)).body.orderId;
    expect(await read(orderId)).not.toHaveProperty('waitsFor');
    await order.orchestrator.publish(holdPlaced, hold);
    await untilShown(true);
    expect((await place().expect(202)).body).toMatchObject({ status: 'PENDING', waitsFor: waiting });
    expect(await read(orderId)).toMatchObject({ status: 'PENDING', waitsFor: waiting });
    const next = await order.another();
    try {
      expect(await read(orderId, urlOf(next))).toMatchObject({ waitsFor: waiting });
    } finally {
      await next.close();
    }
  });

  it('reports no outage for an order that has ended', async () => {
    await order.orchestrator.send(confirmOrder, { orderId });
    expect(await read(orderId)).not.toHaveProperty('waitsFor');
  });

  it('raises the PENDING limit during an outage', async () => {
    for (let n = 0; n < 3; n += 1) await place().expect(202);
  });

  it('stops reporting the outage when the hold has ended', async () => {
    await order.orchestrator.publish(holdEnded, hold);
    await untilShown(false);
  });

  it('ends an outage also when its end arrives before its beginning, or twice', async () => {
    const [late, marker] = [aHold(), aHold({ service: 'notifications' })];
    await order.orchestrator.publish(holdEnded, late);
    await order.orchestrator.publish(holdEnded, late);
    await order.orchestrator.publish(holdPlaced, late);
    await order.orchestrator.publish(holdPlaced, { ...marker });
    await knows(marker);
    await waitUntil('the late beginning is handled', async () => {
      const [row] = await order.sql<{ count: string }>('SELECT count(*) FROM event_inbox');
      return Number(row?.count) === 6;
    });
    expect(await order.sql('SELECT FROM outage WHERE hold_id = $1 AND ended_at IS NULL', [late.holdId])).toEqual([]);
  });

  it('reports no outage when the hold concerns only other sagas', async () => {
    await order.orchestrator.publish(holdPlaced, aHold({ command: refundPayment.name }));
    const needed = aHold({ command: capturePayment.name, since: '2026-11-30T02:00:00.000Z' });
    await order.orchestrator.publish(holdPlaced, needed);
    await untilShown(true);
    const { orderId: pending } = (await place().expect(202)).body;
    expect(await read(pending)).toMatchObject({ waitsFor: { since: needed.since } });
    await order.orchestrator.publish(holdEnded, needed);
    await untilShown(false);
  });
});
