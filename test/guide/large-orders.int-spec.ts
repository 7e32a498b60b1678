/* Runs the guide's subscriber from its main.ts, and checks that it receives the order service's events. */
import { Logger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { orderPlaced, type OrderPlaced } from '@palinode/contracts';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { RealServers } from '../../libs/saga/test/real-servers';
import { Correspondent } from '@palinode/test-support/kafka/correspondent';
import { waitUntil } from '@palinode/testing-support/wait-until';
let servers: RealServers;
let order: Correspondent;
let app: INestApplication;

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true });
  process.env['DATABASE_URL'] = await servers.database();
  process.env['KAFKA_BROKER'] = servers.kafka.address;
  Logger.overrideLogger(false);
  order = await Correspondent.start(servers.kafka.address, 'order');
  const create = jest.spyOn(NestFactory, 'create');
  // It reads its environment when it is loaded.
  jest.requireActual('./large-orders/main');
  app = (await create.mock.results[0]?.value) as INestApplication;
});

afterAll(async () => {
  await order?.stop();
  await app?.close();
  await servers?.stop();
});

const ordered = (totalCents: number): OrderPlaced => ({
  orderId: v7(),
  customerId: 'c-1',
  lines: [{ sku: 'SKU-CUP', name: 'Porcelain cup', quantity: 1, unitPriceCents: totalCents }],
  totalCents,
  currency: 'EUR',
});

it('records each large order of the shop once with the subscriber of the guide', async () => {
  const orders = [ordered(100_000), ordered(99_999), ordered(250_000)];
  const id = v7();
  for (const each of orders) await order.publish(orderPlaced, each, { id: each === orders[0] ? id : v7() });
  await order.publish(orderPlaced, orders[0] as OrderPlaced, { id });
  const last = ordered(700_000);
  await order.publish(orderPlaced, last);
  const noted = await waitUntil('the last order', async () => {
    const rows: { id: string; cents: number }[] = await app.get(DataSource).query('SELECT id, cents FROM large_order');
    return rows.some((row) => row.id === last.orderId) && rows.length >= 3 && rows;
  });
  expect(new Map(noted.map((row) => [row.id, row.cents]))).toEqual(
    new Map([orders[0], orders[2], last].map((each) => [each?.orderId, each?.totalCents])),
  );
  expect(noted).toHaveLength(3);
});
