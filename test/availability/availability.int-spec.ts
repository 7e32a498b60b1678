/* The two services, with a proxy between them that can be held and cut. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import request, { type Test } from 'supertest';
import { v7 } from 'uuid';
import { serveAvailability } from '../../apps/inventory/src/availability/serve-availability';
import { InventoryEnvironment } from '../../apps/inventory/src/inventory-environment';
import { InventoryModule } from '../../apps/inventory/src/inventory.module';
import { Availability } from '../../apps/order/src/availability/availability';
import type { OrderEnvironment } from '../../apps/order/src/order-environment';
import { orderService } from '../../apps/order/src/order-service';
import { ServiceUnderTest } from '../../libs/service/test/service-under-test';
import { freePort } from '@palinode/testing-support/ports';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { grpcStub, restStub } from './stub-server';
import { TcpProxy } from '@palinode/test-support/network/tcp-proxy';
let inventory: ServiceUnderTest<InventoryEnvironment>;
let orders: ServiceUnderTest<OrderEnvironment>;
let grpcPort: number;

beforeAll(async () => {
  grpcPort = await freePort();
  inventory = await ServiceUnderTest.start(
    {
      name: 'inventory',
      environment: InventoryEnvironment,
      module: (environment) => InventoryModule.with(environment),
      participant: true,
      connect: serveAvailability,
    },
    { GRPC_PORT: String(grpcPort) },
  );
  orders = await ServiceUnderTest.start({ ...orderService, readiness: { availability: Availability } });
});
afterAll(async () => {
  await orders?.stop();
  await inventory?.stop();
});

const cup = { sku: 'SKU-CUP', quantity: 1 };
const soldOut = { sku: 'SKU-OUT-OF-STOCK', quantity: 1 };
const body = { customerId: 'c-1', lines: [cup, soldOut], paymentToken: 'tok_ok' };

async function rowsWritten(): Promise<unknown> {
  const [row] = await orders.sql(
    'SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM idempotency_key) AS keys',
  );
  return row;
}

const ways = {
  grpc: { port: () => grpcPort, settings: (address: string) => ({ GRPC_URL_INVENTORY: address }), stub: grpcStub },
  rest: {
    port: () => Number(new URL(inventory.url).port),
    settings: (address: string) => ({ SERVICE_URL_INVENTORY: `http://${address}` }),
    stub: restStub,
  },
};

describe.each(['grpc', 'rest'] as const)('an order service that checks availability over %s', (way) => {
  let proxy: TcpProxy;
  let order: NestExpressApplication;
  const { port, settings, stub } = ways[way];

  const shop = (address: string, further: Record<string, string> = {}): Promise<NestExpressApplication> =>
    orders.another({ AVAILABILITY: way, AVAILABILITY_DEADLINE_MS: '1500', ...settings(address), ...further });
  const place = (lines: object[], app = order): Test =>
    request(app.getHttpServer())
      .post('/orders')
      .send({ ...body, lines });
  const availability = async (app = order): Promise<string> => {
    const { body: health } = await request(app.getHttpServer()).get('/readyz').expect(200);
    const { status, message } = health.details.availability;
    return message ?? status;
  };

  beforeAll(async () => {
    proxy = await TcpProxy.to(port());
    order = await shop(proxy.address, { AVAILABILITY_FAILURES: '3', AVAILABILITY_PAUSE_MS: '4000' });
  });
  beforeEach(() => proxy.restore());
  afterAll(async () => {
    await order?.close();
    await proxy?.cut();
  });

  it('accepts an order that is in stock', async () => {
    await waitUntil('the connection to be used', async () => (await place([soldOut])).status === 409);
    await place([cup]).expect(202);
  });

  it('rejects an order that is short of stock, names the line and writes nothing', async () => {
    const before = await rowsWritten();
    const { body: problem } = await place([cup, { sku: 'SKU-LAST-TEN', quantity: 11 }])
      .set('Idempotency-Key', v7())
      .expect(409);
    expect(problem).toMatchObject({
      type: 'urn:palinode:problem:out-of-stock',
      errors: [{ field: 'lines[1].quantity', problem: 'is more than the 10 in stock' }],
    });
    expect(await rowsWritten()).toEqual(before);
  });

  it('repeats the answer to an idempotency key even if the article is sold out', async () => {
    const key = v7();
    const order1 = await request(orders.app.getHttpServer()).post('/orders').set('Idempotency-Key', key).send(body);
    expect(order1.status).toBe(202);
    const again = await place(body.lines).set('Idempotency-Key', key).expect(202);
    expect(again.body.orderId).toBe(order1.body.orderId);
  });

  it('accepts an order when the answer does not arrive in time', async () => {
    const slow = await TcpProxy.to(port());
    const quickToGiveUp = await shop(slow.address, { AVAILABILITY_DEADLINE_MS: '200' });
    try {
      slow.hold();
      await place([soldOut], quickToGiveUp).expect(202);
    } finally {
      await quickToGiveUp.close();
      await slow.cut();
    }
  });

  it('opens the circuit breaker after several failures, and closes it when inventory answers again', async () => {
    await proxy.cut();
    for (let failures = 0; failures < 3; failures += 1) await place([soldOut]).expect(202);
    expect(await availability()).toMatch(/^orders have been accepted without an availability check since /);
    await proxy.restore();
    await place([soldOut]).expect(202);
    await waitUntil('the service to request availability again', async () => (await place([soldOut])).status === 409);
    expect(await availability()).toBe('up');
  });

  it('counts a malformed answer as a failure', async () => {
    const server = await stub();
    const app = await shop(`127.0.0.1:${server.port}`, { AVAILABILITY_FAILURES: '4', AVAILABILITY_PAUSE_MS: '60000' });
    try {
      for (let n = 0; n < 4; n += 1) await place([soldOut], app).expect(202);
      expect(await availability(app)).toMatch(/^orders have been accepted without an availability check since /);
    } finally {
      await app.close();
      await server.stop();
    }
  });
});

describe('an order service that does not check availability', () => {
  it('accepts an order that is out of stock', async () => {
    await request(orders.app.getHttpServer()).post('/orders').send(body).expect(202);
  });
});
