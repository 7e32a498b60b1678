import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { HttpConnections } from './http-connections';

const limits = { connections: 100, keepAliveMs: 65_000, headersMs: 65_000, requestMs: 65_000 };
let answer: () => void;
let app: INestApplication<Server>;

@Controller()
class ShopController {
  @Get('quick')
  quick(): string {
    return 'at once';
  }

  @Get('slow')
  slow(): Promise<string> {
    return new Promise((resolve) => (answer = () => resolve('all of it')));
  }
}

@Module({ controllers: [ShopController] })
class Shop {}

beforeEach(async () => {
  app = await NestFactory.create(Shop, new HttpConnections(limits), { logger: false });
  await app.listen(0, '127.0.0.1');
});
afterEach(() => app.close());

/** A client connection that reads everything. */
class Connection {
  text = '';

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (part: string) => (this.text += part));
    socket.on('error', () => undefined);
  }

  /** Resolves when the server has accepted the connection. */
  static async open(): Promise<Connection> {
    const taken = once(app.getHttpServer(), 'connection');
    const socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
    await taken;
    return new Connection(socket);
  }

  ask(path: string): void {
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`);
  }

  async receives(text: string): Promise<void> {
    await waitUntil(`the answer "${text}"`, () => this.text.endsWith(text));
  }

  async ends(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }
}

const untilStopping = (): Promise<unknown> =>
  waitUntil('no new connection is accepted', () => !app.getHttpServer().listening);

describe('a stopping HTTP server', () => {
  it('closes an idle connection', async () => {
    const idle = await Connection.open();
    idle.ask('/quick');
    await idle.receives('at once');
    await app.close();
    await idle.ends();
  });

  it('answers a request in flight, and closes its connection with the answer', async () => {
    const busy = await Connection.open();
    busy.ask('/slow');
    await waitUntil('the request is in flight', () => answer !== undefined);
    const closing = app.close();
    await untilStopping();
    answer();
    await closing;
    await busy.ends();
    expect(busy.text).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\nall of it$/);
  });

  it('closes a connection that has sent no request', async () => {
    const silent = await Connection.open();
    await app.close();
    await silent.ends();
    expect(silent.text).toBe('');
  });

  it('answers the first request of a connection that was accepted just before the stop', async () => {
    const late = await Connection.open();
    const closing = app.close();
    await untilStopping();
    late.ask('/quick');
    await closing;
    await late.ends();
    expect(late.text).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*Connection: close\r\n[^]*at once$/);
  });
});
