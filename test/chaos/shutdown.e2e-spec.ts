/*
 * Every service gets SIGTERM under load, as in a deployment. It shuts down by itself, answers requests in flight, and
 * afterwards nothing is missing or duplicated. Its log must have no warnings, for example of a consumer whose database
 * was closed first (nest mongoose 2309), or of offsets committed after the group was left (kafkajs 751).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { Stack } from '@palinode/test-support/shop/stack';
import { accepts } from '@palinode/testing-support/ports';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { query } from '../end-to-end/books';
import { anOrder, ShopClient } from '../end-to-end/shop-client';
import { HeldRequest } from './held-request';
import { Load, orderBy } from './load';
import { verdictOn } from './verdict';

/** A request for each service while it stops; each reads the database. */
const QUESTIONS: Readonly<Record<ServiceName, string>> = {
  order: '/orders?limit=1',
  payment: '/ledger',
  inventory: '/stock',
  notifications: '/notifications?orderId=019a0d3e-7c1b-7d55-b6a5-6a0c3c8d4e21',
  reporting: '/reports/sales?by=sku',
  orchestrator: '/v1/sagas?limit=1',
};

/** A card whose bank is away at first has a warning of its own, whatever is stopped. */
const orderWithoutFailure: typeof orderBy = (random, customer) => {
  const order = orderBy(random, customer);
  return order.paymentToken === 'tok_flaky_2' ? { ...order, paymentToken: 'tok_ok' } : order;
};

const WARNING = 40;
let directory: string;
let stack: Stack;
let shop: ShopClient;
let load: Load;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-shutdown-'));
  stack = await Stack.start({ directory, ports: 'free', quiet: true, environment: recordingGateway(directory) });
  shop = ShopClient.of(stack);
  load = Load.start(shop, { seed: 1, customers: 4, thinkMs: 100, order: orderWithoutFailure });
});

afterAll(async () => {
  await load?.stop().catch(() => undefined);
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const logOf = (service: ServiceName): string => readFileSync(join(directory, 'logs', `${service}.log`), 'utf8');

/** The warnings and errors of the process since then, until it ended. */
function complaints(service: ServiceName, since: number): string[] {
  const lines = logOf(service).slice(since).split('\n');
  const end = lines.findIndex((line) => line.includes('Starting Nest application'));
  return lines.slice(0, end === -1 ? undefined : end).filter((line) => {
    if (!line.startsWith('{')) return line !== '';
    return (JSON.parse(line) as { level?: number }).level! >= WARNING;
  });
}

const untilClosed = (url: string): Promise<unknown> =>
  waitUntil('new connections to be refused', async () => !(await accepts(Number(new URL(url).port))));

/** Connects without a request, as browsers and load balancers do in advance. */
async function connectOnly(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  // The service may close it.
  return socket.on('error', () => undefined);
}

/** Repeats the request as soon as it is answered, always on a kept-alive connection. */
function asking(url: string): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted)
      await fetch(url).then(
        (answer) => answer.arrayBuffer(),
        () => new Promise(setImmediate),
      );
  };
  const loops = Promise.all([loop(), loop()]);
  return {
    stop: async () => {
      stopping.abort();
      await loops;
    },
  };
}

describe.each(serviceNames)('the %s service, stopped under load', (name) => {
  it('answers requests in flight, exits with code 0 and logs no warning', async () => {
    const service = stack.services[name];
    await stack.ready();
    const before = load.accepted.size;
    await waitUntil('the load to continue', () => load.accepted.size > before + 10);
    const customers = asking(service.url + QUESTIONS[name]);
    const silent = await connectOnly(service.url);
    try {
      const held = await HeldRequest.begin(service.url, 'GET', QUESTIONS[name]);
      const since = logOf(name).length;
      const ending = service.endInOrder();
      await untilClosed(service.url);
      expect(await held.end()).toBe(200);
      expect(await ending).toEqual({ code: 0, signal: null });
      expect(complaints(name, since)).toEqual([]);
    } finally {
      silent.destroy();
      await customers.stop();
    }
  });
});

it('answers a request in flight and a waiting customer before the order service stops', async () => {
  const { order } = stack.services;
  await stack.ready();
  const lost = { prefer: 'wait=30', 'x-saga-fault': 'payment.authorize=drop-reply' };
  const waiting = shop.place(anOrder({ customerId: 'waits' }), lost);
  const placed = await waitUntil('the order of the waiting customer', async () => {
    return (await query<{ id: string }>(stack.databases.order, `SELECT id FROM orders WHERE customer_id = 'waits'`))[0];
  });
  const held = await HeldRequest.begin(order.url, 'POST', '/orders', JSON.stringify(anOrder({ customerId: 'held' })));
  const ending = order.endInOrder();
  await untilClosed(order.url);
  expect(await waiting).toMatchObject({ status: 202, body: { orderId: placed.id } });
  expect(await held.end()).toBe(202);
  expect(await ending).toEqual({ code: 0, signal: null });
});

it('loses no order and repeats no effect when the services stop', async () => {
  await load.stop();
  await stack.ready();
  const late = await query<{ id: string }>(
    stack.databases.order,
    `SELECT id FROM orders WHERE customer_id IN ('waits', 'held')`,
  );
  expect(late).toHaveLength(2);
  const orderIds = new Set([...load.orderIds, ...late.map(({ id }) => id)]);
  expect(await verdictOn(stack, { doubled: load.doubled, orderIds })).toEqual([]);
  const ends = await query<{ id: string; kind: string }>(
    stack.databases.order,
    `SELECT id::text, CASE status WHEN 'APPROVED' THEN 'order-approved' ELSE 'order-rejected' END AS kind FROM orders`,
  );
  const wanted = ends.flatMap(({ id, kind }) => [`${id} order-placed`, `${id} ${kind}`]).toSorted();
  await waitUntil('every customer to be notified once of the outcome of the order', async () => {
    const notified = await query<{ line: string }>(
      stack.databases.notifications,
      `SELECT order_id || ' ' || kind AS line FROM notification`,
    );
    return String(notified.map(({ line }) => line).toSorted()) === String(wanted);
  });
});
