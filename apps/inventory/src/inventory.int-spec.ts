import { status } from '@grpc/grpc-js';
import { ClientProxyFactory, type ClientGrpcProxy, Transport } from '@nestjs/microservices';
import {
  availabilityGrpc,
  type AvailabilityAnswer,
  commitStock,
  releaseStock,
  reserveStock,
  returnStock,
  stockLow,
  type OrderLine,
  type StockLow,
} from '@palinode/contracts';
import type { Reply } from '@palinode/saga/contract';
import { firstValueFrom, type Observable } from 'rxjs';
import request from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { freePort } from '@palinode/testing-support/ports';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { serveAvailability } from './availability/serve-availability';
import { InventoryEnvironment } from './inventory-environment';
import { InventoryModule } from './inventory.module';
let inventory: ServiceUnderTest<InventoryEnvironment>;
let grpc: ClientGrpcProxy;

beforeAll(async () => {
  const port = await freePort();
  inventory = await ServiceUnderTest.start(
    {
      name: 'inventory',
      environment: InventoryEnvironment,
      module: (environment) => InventoryModule.with(environment),
      participant: true,
      connect: serveAvailability,
    },
    { GRPC_PORT: String(port) },
  );
  grpc = ClientProxyFactory.create({
    transport: Transport.GRPC,
    options: { ...availabilityGrpc, url: `127.0.0.1:${port}` },
  });
});
afterAll(async () => {
  grpc?.close();
  await inventory?.stop();
});

const http = (): ReturnType<typeof request> => request(inventory.app.getHttpServer());
const stockOf = async (sku: string): Promise<unknown> => (await http().get(`/stock/${sku}`)).body;
const effectsOf = (orderId: string): Promise<unknown[]> =>
  inventory.sql('SELECT command FROM effects WHERE order_id = $1 ORDER BY at', [orderId]);
const reserve = (orderId: string, ...lines: OrderLine[]): Promise<Reply> =>
  inventory.orchestrator.send(reserveStock, { orderId, lines });

/** An article that no other test buys. */
async function articleWith(available: number): Promise<string> {
  const sku = `SKU-${v7().toUpperCase()}`;
  await inventory.sql('INSERT INTO stock (sku, available) VALUES ($1, $2)', [sku, available]);
  return sku;
}

describe('inventory.reserve-stock', () => {
  it('reserves the units of every line', async () => {
    const [one, two] = [await articleWith(5), await articleWith(5)];
    const orderId = v7();
    const reply = await reserve(orderId, { sku: two, quantity: 2 }, { sku: one, quantity: 5 });
    expect(reply).toMatchObject({ outcome: 'success', data: { reservationId: reply.inreplyto } });
    expect(await stockOf(one)).toEqual({ sku: one, available: 0, reserved: 5 });
    expect(await stockOf(two)).toEqual({ sku: two, available: 3, reserved: 2 });
    expect(await effectsOf(orderId)).toEqual([{ command: reserveStock.type }]);
  });

  it('refuses the whole order when one line is out of stock, and reserves nothing', async () => {
    const [plenty, scarce] = [await articleWith(5), await articleWith(1)];
    const orderId = v7();
    const reply = await reserve(orderId, { sku: plenty, quantity: 1 }, { sku: scarce, quantity: 2 });
    expect(reply).toMatchObject({ outcome: 'refusal', data: { reason: 'out-of-stock' } });
    expect(reply.data).toMatchObject({ detail: `There is not enough of ${scarce}.` });
    expect(await stockOf(plenty)).toMatchObject({ available: 5, reserved: 0 });
    expect(await effectsOf(orderId)).toEqual([]);
  });

  it('refuses an article that does not exist', async () => {
    const reply = await reserve(v7(), { sku: 'SKU-NOWHERE', quantity: 1 });
    expect(reply).toMatchObject({ outcome: 'refusal', data: { reason: 'unknown-sku' } });
  });

  it('adds up the quantities of lines with the same article', async () => {
    const sku = await articleWith(3);
    const reply = await reserve(v7(), { sku, quantity: 2 }, { sku, quantity: 2 });
    expect(reply).toMatchObject({ outcome: 'refusal', data: { reason: 'out-of-stock' } });
  });

  it.each([
    ['the same article', (sku: string) => sku],
    ['another article', () => articleWith(5)],
  ])('rejects a second reservation for an order, of %s, and keeps the first', async (_what, another) => {
    const sku = await articleWith(5);
    const orderId = v7();
    await reserve(orderId, { sku, quantity: 2 });
    const second = await reserve(orderId, { sku: await another(sku), quantity: 1 });
    const data = { reason: 'AlreadyReservedError', detail: expect.stringContaining(orderId) as string };
    expect(second).toMatchObject({ outcome: 'failure', data });
    expect(await stockOf(sku)).toEqual({ sku, available: 3, reserved: 2 });
    expect(await effectsOf(orderId)).toEqual([{ command: reserveStock.type }]);
  });

  it('makes one reservation when two commands for an order arrive concurrently', async () => {
    const sku = await articleWith(5);
    const orderId = v7();
    const replies = await Promise.all([1, 2].map(() => reserve(orderId, { sku, quantity: 1 })));
    expect(replies.map(({ outcome }) => outcome).toSorted()).toEqual(['failure', 'success']);
    expect(JSON.stringify(replies)).toContain('AlreadyReservedError');
    expect(await stockOf(sku)).toEqual({ sku, available: 4, reserved: 1 });
  });

  it('never reserves more than is available, however many commands arrive at once', async () => {
    const sku = await articleWith(10);
    const replies = await Promise.all(Array.from({ length: 40 }, () => reserve(v7(), { sku, quantity: 1 })));
    expect(replies.filter(({ outcome }) => outcome === 'success')).toHaveLength(10);
    expect(await stockOf(sku)).toMatchObject({ available: 0, reserved: 10 });
  });
});

describe('inventory.release-stock', () => {
  it('releases the reserved units only once when it is called twice', async () => {
    const sku = await articleWith(5);
    const orderId = v7();
    await reserve(orderId, { sku, quantity: 3 });
    expect(await inventory.orchestrator.send(releaseStock, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await inventory.orchestrator.send(releaseStock, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await stockOf(sku)).toEqual({ sku, available: 5, reserved: 0 });
    expect(await effectsOf(orderId)).toEqual([{ command: reserveStock.type }, { command: releaseStock.type }]);
  });

  it('succeeds when nothing is reserved', async () => {
    const orderId = v7();
    expect(await inventory.orchestrator.send(releaseStock, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await effectsOf(orderId)).toEqual([]);
  });

  it('does not release units that are already sold', async () => {
    const sku = await articleWith(5);
    const orderId = v7();
    await reserve(orderId, { sku, quantity: 3 });
    await inventory.orchestrator.send(commitStock, { orderId });
    await inventory.orchestrator.send(releaseStock, { orderId });
    expect(await stockOf(sku)).toEqual({ sku, available: 2, reserved: 0 });
  });
});

describe('inventory.commit-stock', () => {
  it('removes the reserved units from the stock only once when it is called twice', async () => {
    const sku = await articleWith(5);
    const orderId = v7();
    await reserve(orderId, { sku, quantity: 3 });
    expect(await inventory.orchestrator.send(commitStock, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await inventory.orchestrator.send(commitStock, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await stockOf(sku)).toEqual({ sku, available: 2, reserved: 0 });
    expect(await effectsOf(orderId)).toEqual([{ command: reserveStock.type }, { command: commitStock.type }]);
  });

  it('fails to commit when nothing is reserved', async () => {
    expect(await inventory.orchestrator.send(commitStock, { orderId: v7() })).toMatchObject({ outcome: 'failure' });
  });
});

describe('the availability API', () => {
  const answer = {
    lines: [
      { sku: 'SKU-CUP', available: 1_000_000, enough: true },
      { sku: 'SKU-OUT-OF-STOCK', available: 0, enough: false },
      { sku: 'SKU-NOWHERE', available: 0, enough: false },
    ],
  };
  const lines = answer.lines.map(({ sku }) => ({ sku, quantity: 2 }));
  const call = (query: object): Promise<AvailabilityAnswer> =>
    firstValueFrom(
      grpc.getService<{ check(asked: object): Observable<AvailabilityAnswer> }>('Availability').check(query),
    );

  it('answers for one line or several over REST', async () => {
    const { body: many } = await http().post('/stock/availability').send({ lines }).expect(200);
    expect(many).toEqual(answer);
    const { body: one } = await http().get('/stock/availability').query({ sku: 'SKU-CUP', quantity: 2 }).expect(200);
    expect(one).toEqual({ lines: [answer.lines[0]] });
  });

  it('gives the same answer over gRPC as over REST', async () => {
    expect(await call({ lines })).toEqual(answer);
  });

  it('does not count reserved units as available', async () => {
    const sku = await articleWith(5);
    await reserve(v7(), { sku, quantity: 3 });
    expect(await call({ lines: [{ sku, quantity: 3 }] })).toEqual({ lines: [{ sku, available: 2, enough: false }] });
  });

  it.each([
    ['no lines', {}],
    ['51 lines', { lines: Array.from({ length: 51 }, (_, n) => ({ sku: `SKU-${n}`, quantity: 1 })) }],
    ['a quantity of zero', { lines: [{ sku: 'SKU-CUP', quantity: 0 }] }],
    ['a malformed SKU', { lines: [{ sku: 'cup\u0000', quantity: 1 }] }],
  ])('rejects a query with %s over REST and gRPC', async (_what, query) => {
    await http()
      .post('/stock/availability')
      .send(query)
      .expect(400)
      .expect('content-type', /problem/);
    await expect(call(query)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(/^lines/),
    });
  });

  it.each(['', '?sku=SKU-CUP', '?sku=SKU-CUP&quantity=many', '?sku=SKU-CUP&sku=SKU-KETTLE&quantity=1'])(
    'answers 400 to GET /stock/availability%s',
    async (query) => {
      await http()
        .get(`/stock/availability${query}`)
        .expect(400)
        .expect('content-type', /problem/);
    },
  );
});

describe('the stock API', () => {
  it('lists the stock that the shop opens with', async () => {
    const { body } = await http().get('/stock').expect(200);
    expect(body.items).toEqual(
      expect.arrayContaining([
        { sku: 'SKU-CUP', available: 1_000_000, reserved: 0 },
        { sku: 'SKU-OUT-OF-STOCK', available: 0, reserved: 0 },
      ]),
    );
  });

  it('adds restocked units to the available ones', async () => {
    const sku = await articleWith(1);
    const { body } = await http().post(`/stock/${sku}/restock`).send({ quantity: 4 }).expect(200);
    expect(body).toEqual({ sku, available: 5, reserved: 0 });
  });

  it.each([
    ['a negative quantity', '/stock/SKU-CUP/restock', { quantity: -1 }, 400, 'quantity'],
    ['a quantity of zero', '/stock/SKU-CUP/restock', { quantity: 0 }, 400, 'quantity'],
    ['a fractional quantity', '/stock/SKU-CUP/restock', { quantity: 1.5 }, 400, 'quantity'],
    ['a quantity sent as text', '/stock/SKU-CUP/restock', { quantity: '5' }, 400, 'quantity'],
    ['no quantity', '/stock/SKU-CUP/restock', {}, 400, 'quantity'],
    ['no body', '/stock/SKU-CUP/restock', undefined, 400, 'quantity'],
    ['an unknown field', '/stock/SKU-CUP/restock', { quantity: 1, price: 0 }, 400, 'price'],
    ['a NUL in its address', '/stock/cup%00/restock', { quantity: 1 }, 400, 'url'],
    ['an unknown article', '/stock/SKU-NOWHERE/restock', { quantity: 1 }, 404, undefined],
  ])('rejects a restock with %s', async (_what, path, body, status, field) => {
    const before = await stockOf('SKU-CUP');
    const response = await http().post(path).send(body);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    if (field) expect(response.body.errors).toEqual([expect.objectContaining({ field })]);
    expect(await stockOf('SKU-CUP')).toEqual(before);
  });
});

describe('inventory.stock-low', () => {
  const lows = (sku: string): StockLow[] =>
    inventory.orchestrator.events.flatMap(({ type, subject, data }) =>
      type === stockLow.type && subject === sku ? [data as StockLow] : [],
    );
  const hasTold = (sku: string, times: number): Promise<true> =>
    waitUntil(`${times} times low`, () => lows(sku).length >= times);

  it('publishes one event when an article falls below its threshold, and another only after it has risen above it', async () => {
    const sku = await articleWith(6);
    const first = v7();
    await reserve(v7(), { sku, quantity: 1 });
    await reserve(first, { sku, quantity: 1 });
    await reserve(v7(), { sku, quantity: 1 });
    await inventory.orchestrator.send(releaseStock, { orderId: first });
    await http().post(`/stock/${sku}/restock`).send({ quantity: 10 }).expect(200);
    await reserve(v7(), { sku, quantity: 12 });
    await hasTold(sku, 2);
    expect(lows(sku)).toEqual([
      { sku, available: 4, threshold: 5 },
      { sku, available: 2, threshold: 5 },
    ]);
  });

  it('publishes no event for a refused reservation', async () => {
    const [sku, other] = [await articleWith(6), await articleWith(6)];
    await reserve(v7(), { sku, quantity: 3 }, { sku: 'SKU-NOWHERE', quantity: 1 });
    await reserve(v7(), { sku, quantity: 7 });
    await reserve(v7(), { sku: other, quantity: 2 });
    await hasTold(other, 1);
    expect(lows(sku)).toEqual([]);
  });

  it('publishes one event when many orders reserve the article concurrently', async () => {
    const sku = await articleWith(10);
    await Promise.all(Array.from({ length: 10 }, () => reserve(v7(), { sku, quantity: 1 })));
    const other = await articleWith(5);
    await reserve(v7(), { sku: other, quantity: 1 });
    await hasTold(other, 1);
    await hasTold(sku, 1);
    expect(lows(sku)).toEqual([{ sku, available: 4, threshold: 5 }]);
  });
});

describe('inventory.return-stock', () => {
  const giveBack = (orderId: string, ...lines: OrderLine[]): Promise<Reply> =>
    inventory.orchestrator.send(returnStock, { orderId, lines });

  it('puts sold units back into the stock', async () => {
    const orderId = v7();
    const sku = await articleWith(5);
    await reserve(orderId, { sku, quantity: 3 });
    await inventory.orchestrator.send(commitStock, { orderId });
    expect(await giveBack(orderId, { sku, quantity: 2 })).toMatchObject({ outcome: 'success' });
    expect(await stockOf(sku)).toMatchObject({ available: 4, reserved: 0 });
    expect((await effectsOf(orderId)).at(-1)).toEqual({ command: 'inventory.return-stock.v1' });
  });

  it('fails for an article that does not exist, and returns nothing', async () => {
    const sku = await articleWith(5);
    const lines = [
      { sku, quantity: 1 },
      { sku: 'SKU-NOWHERE', quantity: 1 },
    ];
    expect(await giveBack(v7(), ...lines)).toMatchObject({ outcome: 'failure' });
    expect(await stockOf(sku)).toMatchObject({ available: 5 });
  });
});
