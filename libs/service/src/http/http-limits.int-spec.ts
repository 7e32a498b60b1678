import { Body, Controller, Get, Module, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { HttpConnections, type HttpLimits } from './http-connections';

/** Longer than any test: these limits must not apply. */
const NEVER = 600_000;
const LARGE = 'x'.repeat(64 * 1024 * 1024);
const waiting: (() => void)[] = [];

@Controller()
class ShopController {
  @Get('quick')
  quick(): string {
    return 'at once';
  }

  @Get('large')
  large(): string {
    return LARGE;
  }

  @Get('slow')
  slow(): Promise<string> {
    return new Promise((resolve) => waiting.push(() => resolve('in the end')));
  }

  @Post('orders')
  order(@Body() body: object): object {
    return body;
  }
}

@Module({ controllers: [ShopController] })
class Shop {}

let app: INestApplication<Server>;
const sockets: Socket[] = [];

async function serve(limits: Partial<HttpLimits>): Promise<void> {
  const all = { connections: 100, keepAliveMs: NEVER, headersMs: NEVER, requestMs: NEVER, ...limits };
  app = await NestFactory.create(Shop, new HttpConnections(all), { logger: false });
  await app.listen(0, '127.0.0.1');
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const answer of waiting.splice(0)) answer();
  await app.close();
});

/** A client that connects, sends this text and reads by default. */
async function client(sends: string, { reads = true } = {}): Promise<Socket> {
  const taken = once(app.getHttpServer(), 'connection');
  const socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await taken;
  socket.write(sends);
  if (reads) socket.resume();
  return socket;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`;

async function answers(): Promise<boolean> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return (await fetch(`http://127.0.0.1:${port}/quick`, { headers: { connection: 'close' } })).ok;
}

describe('the limits of HTTP clients', () => {
  it.each<[string, Partial<HttpLimits>, string, boolean]>([
    ['connects and sends nothing', { headersMs: 200 }, '', true],
    ['sends half of the headers', { headersMs: 200 }, 'GET /quick HTTP/1.1\r\nHost:', true],
    [
      'sends half of the body',
      { headersMs: 200, requestMs: 300 },
      'POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{',
      true,
    ],
    ['does not read its answer', { requestMs: 300 }, get('/large'), false],
    ['sends no second request', { keepAliveMs: 200 }, get('/quick'), true],
    ['sends half of a second request', { headersMs: 200 }, `${get('/quick')}GET /quick HTTP/1.1\r\nHost:`, true],
  ])('disconnects a client that %s', async (_what, limits, sends, reads) => {
    await serve(limits);
    const taken = once(app.getHttpServer(), 'connection');
    await client(sends, { reads });
    const [serverSide] = (await taken) as [Socket];
    await waitUntil('the connection ends', () => serverSide.destroyed);
    expect(await answers()).toBe(true);
  });
});

describe('a server at its connection limit', () => {
  it.each([
    ['a silent client before one that has been answered', [get('/quick'), ''], 1],
    ['the one that has been idle for longest when none is silent', [get('/quick'), get('/quick')], 0],
  ])('disconnects %s, and none with a request in progress', async (_which, sends, ended) => {
    await serve({ connections: 3 });
    const busy = await client(get('/slow'));
    await waitUntil('the request', () => waiting.length === 1);
    const others: Socket[] = [];
    for (const each of sends) {
      const socket = await client(each);
      others.push(socket);
      await waitUntil('the answer', () => each === '' || socket.bytesRead > 0);
    }
    expect(await answers()).toBe(true);
    await waitUntil('one connection ends', () => others[ended]?.destroyed);
    expect([busy, others[1 - ended]].map((each) => each?.destroyed)).toEqual([false, false]);
  });

  it('answers each of 200 clients while 200 others connect and send nothing', async () => {
    await serve({ connections: 10 });
    for (let n = 0; n < 200; n += 1) {
      await client('');
      expect(await answers()).toBe(true);
    }
    const connections = await new Promise((resolve) =>
      app.getHttpServer().getConnections((_error, count) => resolve(count)),
    );
    expect(connections).toBeLessThanOrEqual(10);
  });

  it('disconnects the newcomer when all have requests in progress', async () => {
    await serve({ connections: 2 });
    await client(get('/slow'));
    await client(get('/slow'));
    await waitUntil('both requests', () => waiting.length === 2);
    const newcomer = await client(get('/quick'));
    await waitUntil('its end', () => newcomer.destroyed);
    expect(waiting).toHaveLength(2);
  });
});
