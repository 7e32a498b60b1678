import type { DynamicModule } from '@nestjs/common';
import { InventoryEnvironment } from '../../../apps/inventory/src/inventory-environment';
import { InventoryModule } from '../../../apps/inventory/src/inventory.module';
import { orderService } from '../../../apps/order/src/order-service';
import { PaymentModule } from '../../../apps/payment/src/payment.module';
import type { ServiceEnvironment } from '@palinode/service';
import request from 'supertest';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { shopDocument } from '../asyncapi/shop';
import { conformanceOf } from './conformance';
import type { Values } from './example-payload';
import { reportOf } from './report';

type Running = Pick<ServiceUnderTest, 'app' | 'brokers' | 'sql' | 'stop'>;

interface Participant {
  readonly name: string;
  readonly start: () => Promise<Running>;
  readonly prepare?: (service: Running) => Promise<Values>;
  /** Values for which handlers fail, by the type of the command. */
  readonly failing?: Readonly<Record<string, Values>>;
}

const participants: readonly Participant[] = [
  {
    name: 'payment',
    start: () => startPayment(),
    failing: { 'payment.authorize.v1': { paymentToken: 'tok_flaky_2' } },
  },
  { name: 'inventory', start: () => startInventory() },
  { name: 'order', start: () => startOrder(), prepare: anOrder },
];

async function startPayment(): Promise<Running> {
  const module = (environment: ServiceEnvironment): DynamicModule => PaymentModule.with(environment);
  return ServiceUnderTest.start({ name: 'payment', module, participant: true });
}

async function startInventory(): Promise<Running> {
  const module = (environment: InventoryEnvironment): DynamicModule => InventoryModule.with(environment);
  return ServiceUnderTest.start({ name: 'inventory', environment: InventoryEnvironment, module, participant: true });
}

async function startOrder(): Promise<Running> {
  return ServiceUnderTest.start(orderService);
}

/** Orders end only once, so each saga gets a new one. */
async function anOrder({ app }: Running): Promise<Values> {
  const order = { customerId: 'ada', lines: [{ sku: 'SKU-CUP', quantity: 1 }], paymentToken: 'tok_ok' };
  const { body } = await request(app.getHttpServer()).post('/orders').send(order).expect(202);
  return { orderId: body.orderId };
}

describe.each(participants)('the $name service', ({ name, start, prepare, failing = {} }) => {
  let service: Running;

  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service?.stop());

  it('keeps the participant protocol', async () => {
    const verdicts = await conformanceOf({
      brokers: service.brokers,
      participant: `${name}.commands`,
      document: shopDocument(),
      failing,
      deadlineMs: 30_000,
      ...(prepare ? { prepare: () => prepare(service) } : {}),
      observe: async ({ orderId }) => {
        const effects = 'SELECT count(*)::int AS count FROM effects WHERE order_id = $1';
        const [row] = await service.sql<{ count: number }>(effects, [orderId ?? null]);
        return row!.count;
      },
    });
    expect(verdicts.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(reportOf(verdicts, { effects: true, failures: true }).lines.at(-1)).toBe(
      `${verdicts.length} kept, 0 broken`,
    );
  });
});
