import type { NestExpressApplication } from '@nestjs/platform-express';
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { createService, environmentOf, serve } from '@palinode/service';
import { freePort } from '@palinode/testing-support/ports';
import { SharedPostgres } from '@palinode/test-support/postgres/shared-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request, { type Response } from 'supertest';
import { DataSource } from 'typeorm';
import { orderService } from './order-service';
import { Outages } from './outages/outages';

const body = { customerId: 'c-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok' };

describe('the order service, started while its broker is away', () => {
  let app: NestExpressApplication;
  let directory: string;
  let kafka: EmbeddedKafka | undefined;
  let broker: number;
  let url: string;
  let serving: Promise<void>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'palinode-without-broker-'));
    broker = await freePort();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const environment = environmentOf(orderService, {
      DATABASE_URL: await SharedPostgres.connect().databaseOf('palinode_order'),
      KAFKA_BROKERS: `127.0.0.1:${broker}`,
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: String(port),
    });
    app = await createService(orderService, environment);
    serving = serve(app, orderService, environment);
  });

  afterAll(async () => {
    await app?.close();
    await kafka?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const place = (): Promise<Response> => request(url).post('/orders').send(body);
  const unsent = async (): Promise<boolean> => {
    const [row] = await app
      .get(DataSource)
      .query<{ unsent: boolean }[]>('SELECT EXISTS (SELECT FROM outbox) AS unsent');
    return row?.unsent === true;
  };

  it('accepts orders while the broker is unreachable, and keeps their sagas in the outbox', async () => {
    await waitUntil('an order is accepted', async () => (await place()).status === 202);
    expect(await unsent()).toBe(true);
  });

  it('reports the outage of the broker in every PENDING order and to operators', async () => {
    const { orderId } = (await place()).body as { orderId: string };
    const order = await waitUntil('the order says that it waits', async () => {
      const { body: found } = await request(url).get(`/orders/${orderId}`);
      return found.waitsFor !== undefined && found;
    });
    const { since, message } = order.waitsFor as { since: string; message: string };
    expect(message).toBe(`a part of the shop is away since ${since}; your order waits`);
    expect(app.get(Outages).check()).toContain(`the broker (127.0.0.1:${broker}) does not take them`);
    expect((await place()).body.waitsFor).toEqual(order.waitsFor);
  });

  it('becomes ready after ten seconds, and names the broker', async () => {
    const health = await waitUntil('readiness', async () => {
      const answer = await request(url).get('/readyz');
      return answer.status === 200 && answer.body;
    });
    expect(health.details.participant).toEqual({
      status: 'degraded',
      message: `the participant has not started consuming yet; its broker is 127.0.0.1:${broker}`,
    });
    const { body: consumers } = await request(url).get('/consumers').expect(503);
    expect(Object.keys(consumers.error as object)).toEqual(['participant', 'subscriber']);
  });

  it('starts the waiting sagas when the broker is reachable', async () => {
    kafka = await EmbeddedKafka.start({ directory: join(directory, 'kafka'), port: broker });
    await serving;
    await waitUntil('the outbox is empty', async () => !(await unsent()));
    await waitUntil('every check passes', async () => {
      const { body: health } = await request(url).get('/readyz');
      return health.status === 'ok';
    });
    await request(url).get('/consumers').expect(200);
    await waitUntil('the outage is over', () => app.get(Outages).current === undefined);
  });

  it('stays ready when the broker goes away again, and reports that it handles no message', async () => {
    await kafka?.close();
    const { body: consumers } = await waitUntil('the participant reports the broker', async () => {
      const answer = await request(url).get('/consumers');
      return 'participant' in Object((answer.body as { error?: object }).error) && answer;
    });
    const message = expect.stringContaining(`; its broker is 127.0.0.1:${broker}`) as string;
    expect(consumers.error).toMatchObject({ participant: { status: 'down', message } });
    const { body: health } = await request(url).get('/readyz').expect(200);
    expect(health).toMatchObject({ status: 'degraded', details: { participant: { status: 'degraded', message } } });
    expect((await place()).status).toBe(202);
  });
});
