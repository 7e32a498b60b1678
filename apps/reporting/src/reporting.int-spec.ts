import {
  orderApproved,
  orderCancelled,
  orderPlaced,
  orderRejected,
  orderRevised,
  type OrderApproved,
  type OrderedArticle,
} from '@palinode/contracts';
import request, { type Response } from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { ReportingModule } from './reporting.module';
import type { SalesReport } from './sales/sales-messages';
let reporting: ServiceUnderTest;

beforeAll(async () => {
  reporting = await ServiceUnderTest.start({
    name: 'reporting',
    module: (environment) => ReportingModule.with(environment),
    subscriber: true,
  });
});
afterAll(() => reporting?.stop());

const http = (): ReturnType<typeof request> => request(reporting.app.getHttpServer());
const article = (sku: string, quantity: number, unitPriceCents = 100): OrderedArticle => ({
  sku,
  name: sku,
  quantity,
  unitPriceCents,
});
const anOrder = (...lines: OrderedArticle[]): OrderApproved => ({
  orderId: v7(),
  customerId: 'c-1',
  lines,
  totalCents: lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0),
  currency: 'EUR',
});
/** An article that no other test buys. */
const aSku = (): string => `SKU-${v7().toUpperCase()}`;
const report = async (query: object): Promise<SalesReport> =>
  (await http().get('/reports/sales').query(query).expect(200)).body;
const salesOf = async (sku: string): Promise<object | undefined> =>
  (await report({ by: 'sku' })).items.find((row) => row.sku === sku);
const hasSold = (sku: string, quantity: number): Promise<true> =>
  waitUntil(`${quantity} of ${sku}`, async () => {
    const row = (await salesOf(sku)) as { quantity: number } | undefined;
    return row?.quantity === quantity;
  });
const approve = (order: OrderApproved, attributes: object = {}): Promise<string> =>
  reporting.orchestrator.publish(orderApproved, order, attributes);
const lag = async (): Promise<{
  generation: number;
  building?: number;
  partitions: { lag: number; ageMs: number }[];
  passedBy: { types: { type: string; events: number }[] };
}> => (await http().get('/reports/lag').expect(200)).body;
const rebuild = (body: object = {}): PromiseLike<Response> => http().post('/reports/rebuild').send(body);

async function hasRebuilt(generation: number): Promise<void> {
  await waitUntil(`generation ${generation} serves`, async () => (await lag()).generation === generation);
}

describe('GET /reports/sales', () => {
  it('adds up the sales of approved orders by article', async () => {
    const [cup, scale] = [aSku(), aSku()];
    await approve(anOrder(article(cup, 2, 1_250), article(scale, 1, 3_455)));
    await approve(anOrder(article(cup, 3, 1_250)));
    await hasSold(cup, 5);
    expect(await salesOf(cup)).toEqual({ sku: cup, currency: 'EUR', orders: 2, quantity: 5, amountCents: 6_250 });
    expect(await salesOf(scale)).toEqual({ sku: scale, currency: 'EUR', orders: 1, quantity: 1, amountCents: 3_455 });
  });

  it('adds up the sales by day within the requested days', async () => {
    const days = ['2001-01-01', '2001-01-02', '2001-01-03'];
    const sku = aSku();
    for (const day of days) await approve(anOrder(article(sku, 1)), { time: `${day}T23:59:59Z` });
    await reporting.orchestrator.publish(
      orderRejected,
      { orderId: v7(), customerId: 'c-1', reason: 'card-declined' },
      { time: '2001-01-02T12:00:00Z' },
    );
    await hasSold(sku, 3);
    await waitUntil(
      'the rejection is counted',
      async () => (await report({ by: 'day', to: '2001-12-31' })).rejected === 1,
    );
    const inTime = await report({ by: 'day', from: '2001-01-02', to: '2001-01-03' });
    expect(inTime.items.map(({ day, quantity }) => [day, quantity])).toEqual([
      ['2001-01-02', 1],
      ['2001-01-03', 1],
    ]);
    expect(inTime.rejected).toBe(1);
    expect((await report({ by: 'day', from: '2001-01-03', to: '2001-01-03' })).rejected).toBe(0);
  });

  it('counts a revised order with its current lines on the day it was sold', async () => {
    const [cup, scale] = [aSku(), aSku()];
    const order = anOrder(article(cup, 2), article(scale, 1));
    await approve(order, { time: '2002-01-01T12:00:00Z' });
    const revised = { ...anOrder(article(cup, 5)), orderId: order.orderId };
    const before = { linesBefore: order.lines, totalCentsBefore: order.totalCents };
    await reporting.orchestrator.publish(orderRevised, { ...revised, ...before }, { time: '2002-01-02T12:00:00Z' });
    await hasSold(cup, 5);
    expect(await salesOf(scale)).toBeUndefined();
    const { items } = await report({ by: 'day', from: '2002-01-01', to: '2002-01-02' });
    expect(items).toEqual([expect.objectContaining({ day: '2002-01-01', quantity: 5, amountCents: 500 })]);
  });

  it('counts the newest revision on the day of the approval when events arrive out of order', async () => {
    const [cup, marker] = [aSku(), aSku()];
    const order = anOrder(article(cup, 1));
    const revise = (quantity: number, revision: number): Promise<string> => {
      const revised = { ...anOrder(article(cup, quantity)), orderId: order.orderId, revision };
      const before = { linesBefore: order.lines, totalCentsBefore: order.totalCents };
      return reporting.orchestrator.publish(orderRevised, { ...revised, ...before }, { time: '2004-01-03T12:00:00Z' });
    };
    await revise(7, 6);
    await revise(2, 4);
    await approve(order, { time: '2004-01-01T12:00:00Z' });
    await approve(anOrder(article(marker, 1)));
    await hasSold(marker, 1);
    await waitUntil('all have passed', async () => (await lag()).partitions.every((each) => each.lag === 0));
    const { items } = await report({ by: 'day', from: '2004-01-01', to: '2004-01-03' });
    expect(items).toEqual([expect.objectContaining({ day: '2004-01-01', quantity: 7, amountCents: 700 })]);
  });

  it('does not count a cancelled order, even when its approval arrives late', async () => {
    const [cup, marker] = [aSku(), aSku()];
    const [order, late] = [anOrder(article(cup, 2)), anOrder(article(cup, 4))];
    await approve(order);
    await reporting.orchestrator.publish(orderCancelled, order, { time: '2003-01-01T12:00:00Z' });
    await reporting.orchestrator.publish(orderCancelled, late, { time: '2003-01-01T12:00:00Z' });
    await approve(late);
    await waitUntil(
      'both are counted',
      async () => (await report({ by: 'day', from: '2003-01-01', to: '2003-01-01' })).cancelled === 2,
    );
    await approve(anOrder(article(marker, 1)));
    await hasSold(marker, 1);
    await waitUntil('the late approval has passed', async () =>
      (await lag()).partitions.every((each) => each.lag === 0),
    );
    expect(await salesOf(cup)).toBeUndefined();
  });

  it('counts an approved order once when its event is repeated, and does not count a placed order', async () => {
    const sku = aSku();
    const order = anOrder(article(sku, 2));
    await reporting.orchestrator.publish(orderPlaced, order);
    const id = await approve(order);
    await approve(order, { id });
    await approve(order);
    await approve(anOrder(article(sku, 1)));
    await hasSold(sku, 3);
  });

  it.each([
    ['by', { by: 'customer' }],
    ['from', { by: 'day', from: 'yesterday' }],
    ['to', { by: 'day', to: '2026-13-01' }],
    ['to', { by: 'day', to: '2026-11-21T00:00:00Z' }],
    ['limit', { by: 'day', limit: 3 }],
  ])('answers 400 to an invalid parameter %s', async (field, query) => {
    const { body } = await http().get('/reports/sales').query(query).expect(400);
    expect(body.errors.map((each: { field: string }) => each.field)).toEqual([field]);
  });
});

describe('GET /reports/lag', () => {
  it('reports the lag of each partition', async () => {
    const sku = aSku();
    await approve(anOrder(article(sku, 1)));
    await hasSold(sku, 1);
    await waitUntil('the reports are up to date', async () => (await lag()).partitions.every((each) => each.lag === 0));
    const { partitions } = await lag();
    expect(partitions).toHaveLength(4);
    expect(partitions.every(({ ageMs }) => ageMs === 0)).toBe(true);
  });

  it('reports the events of other publishers separately from the lag', async () => {
    const foreign = { type: 'com.example.parcel', id: 'A234-1234' };
    await reporting.orchestrator.publish(orderPlaced, anOrder(article(aSku(), 1)), foreign);
    await waitUntil('the events are skipped', async () => {
      const { passedBy } = await lag();
      return passedBy.types.some(({ type, events }) => type === foreign.type && events === 1);
    });
    await waitUntil('the reports are up to date', async () => (await lag()).partitions.every((each) => each.lag === 0));
  });
});

describe('POST /reports/rebuild', () => {
  it('rebuilds the reports while the old ones serve, and then switches over', async () => {
    const sku = aSku();
    await approve(anOrder(article(sku, 4)));
    await hasSold(sku, 4);
    const { generation } = await lag();
    await reporting.sql(`UPDATE sale SET quantity = 99 WHERE sku = $1`, [sku]);
    expect((await rebuild()).body).toEqual({ building: generation + 1 });
    expect(await salesOf(sku)).toMatchObject({ quantity: expect.any(Number) });
    await approve(anOrder(article(sku, 1)));
    await hasRebuilt(generation + 1);
    await hasSold(sku, 5);
    await waitUntil('the old generation is gone', async () => {
      const old = await reporting.sql('SELECT 1 FROM sale WHERE generation <= $1', [generation]);
      const known = await reporting.sql('SELECT 1 FROM event_inbox WHERE subscriber = $1', [`reporting.${generation}`]);
      return old.length === 0 && known.length === 0;
    });
  });

  it('starts one rebuild, and answers 409 while it runs', async () => {
    const { generation } = await lag();
    const answers = await Promise.all([rebuild(), rebuild(), rebuild()]);
    const [begun, ...refused] = answers.toSorted((one, other) => one.status - other.status);
    expect(begun).toMatchObject({ status: 202, body: { building: generation + 1 } });
    for (const each of refused)
      expect(each).toMatchObject({ status: 409, body: { type: 'urn:palinode:problem:rebuild-under-way' } });
    await hasRebuilt(generation + 1);
  });

  it('continues an interrupted rebuild after a restart', async () => {
    const sku = aSku();
    await approve(anOrder(article(sku, 7)));
    await hasSold(sku, 7);
    const { generation } = await lag();
    // The state after a process died during a rebuild, with the first events of a new generation counted.
    await reporting.sql('UPDATE generation SET building = active + 1');
    await reporting.sql(
      `INSERT INTO sale SELECT $2, order_id, sku, day, quantity, amount_cents, currency FROM sale
       WHERE generation = $1 AND sku = $3 ON CONFLICT DO NOTHING`,
      [generation, generation + 1, sku],
    );
    await hasRebuilt(generation + 1);
    await hasSold(sku, 7);
  });

  it('answers 400 to an unknown field', async () => {
    expect((await rebuild({ from: 'yesterday' })).status).toBe(400);
  });
});
