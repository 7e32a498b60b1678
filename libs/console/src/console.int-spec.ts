/* The console in an application: how it serves its pages, and passes requests on to other services. */
import { Body, Controller, Get, Post, Sse, type INestApplication, type MessageEvent } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { request as send, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { concat, NEVER, of, type Observable } from 'rxjs';
import supertest, { type Response } from 'supertest';
import { ConsoleModule, type ConsoleOptions } from '.';

const SCRIPT = 'console.log("the console")';
let folder: string;
const apps: INestApplication<Server>[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palinode-console-'));
  mkdirSync(join(folder, 'pages/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not for browsers');
  writeFileSync(join(folder, 'pages/index.html'), '<head><!-- settings --></head><div id="root"></div>');
  writeFileSync(join(folder, 'pages/assets/main-abc.js'), SCRIPT);
  writeFileSync(join(folder, 'pages/assets/main-abc.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'pages/assets/main-abc.js.gz'), gzipSync(SCRIPT));
});
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(options: ConsoleOptions = {}, globalPrefix?: string): Promise<Server> {
  const pages = join(folder, 'pages');
  const module = await Test.createTestingModule({ imports: [ConsoleModule.forRoot({ pages, ...options })] }).compile();
  const app = module.createNestApplication<INestApplication<Server>>({ logger: false, forceCloseConnections: true });
  if (globalPrefix !== undefined) app.setGlobalPrefix(globalPrefix);
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
}

const settingsIn = ({ text }: Response): unknown =>
  JSON.parse(/<script id="settings" type="application\/json">(.*)<\/script>/.exec(text)?.[1] ?? 'null');
const baseIn = ({ text }: Response): string | undefined => /<base href="([^"]*)"/.exec(text)?.[1];

describe('the page', () => {
  it.each(['/console', '/console/', '/console/sagas?status=PAUSED', '/console/sagas/abc'])(
    'is served for %s, so that deep links work',
    async (path) => {
      const page = await supertest(await start()).get(path);
      expect([page.status, page.type, baseIn(page)]).toEqual([200, 'text/html', '/console/']);
      expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    },
  );

  it('has a Content-Security-Policy that allows its own files only, with a new nonce for each response', async () => {
    const server = await start();
    const [one, other] = [await supertest(server).get('/console'), await supertest(server).get('/console')];
    const { nonce } = settingsIn(one) as { nonce: string };
    expect(one.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
        `font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(settingsIn(other)).not.toMatchObject({ nonce });
  });

  it('is at the path that was chosen, and calls the admin API at its path', async () => {
    const page = await supertest(await start({ path: '/ops/sagas/', adminPath: 'admin' })).get('/ops/sagas/holds');
    expect([baseIn(page), settingsIn(page)]).toEqual(['/ops/sagas/', expect.objectContaining({ adminPath: '/admin' })]);
  });

  it('is below the global prefix of the application, and so is the admin API', async () => {
    const server = await start({}, 'api');
    const page = await supertest(server).get('/api/console/sagas');
    expect([baseIn(page), settingsIn(page)]).toEqual(['/api/console/', expect.objectContaining({ adminPath: '/api' })]);
    expect((await supertest(server).get('/api/console/assets/main-abc.js')).text).toBe(SCRIPT);
  });

  it('is answered 503 with the remedy until it is built', async () => {
    const answer = await supertest(await start({ pages: join(folder, 'nowhere') })).get('/console');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.text).toContain('npm run console:build');
  });

  it('takes no other method, and is no API that is not passed on', async () => {
    const server = await start();
    expect((await supertest(server).post('/console/sagas')).status).toBe(404);
    expect((await supertest(server).get('/console/services/order/orders')).status).toBe(404);
  });
});

describe('the options', () => {
  it.each([
    ['path', { path: 'a"><script>' }],
    ['adminPath', { adminPath: '</script><script>alert(1)</script>' }],
    ['adminPath', { adminPath: '//evil.example' }],
    ['services', { services: { 'or/../der': 'http://127.0.0.1:1' } }],
  ])('are refused with the name of the option: %s', (option, options) => {
    expect(() => ConsoleModule.forRoot(options)).toThrow(`ConsoleModule.forRoot: ${option} has`);
  });
});

describe('the assets', () => {
  it.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ])('are sent as the browser accepts them: %s', async (accepted, encoding) => {
    const asset = await supertest(await start())
      .get('/console/assets/main-abc.js')
      .set('accept-encoding', accepted)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
      });
    expect([asset.status, asset.headers['content-encoding']]).toEqual([200, encoding]);
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('of an earlier version are answered 404 and never kept, with what to do', async () => {
    const asset = await supertest(await start()).get('/console/assets/main-old.js');
    expect([asset.status, asset.headers['cache-control']]).toEqual([404, 'no-store']);
    expect(asset.text).toContain('reload the page');
  });

  it.each(['..%2f..%2fsecret.txt', '%2e%2e/%2e%2e/secret.txt', '../../secret.txt', '..%5c..%5csecret.txt'])(
    'are only those of the folder: %s',
    async (path) => {
      const { port } = (await start()).address() as AddressInfo;
      // Clients normalize paths; this one sends it as it is.
      const text = await new Promise<string>((resolve, reject) => {
        send({ port, host: '127.0.0.1', path: `/console/assets/${path}` }, (response) => {
          let body = '';
          response.on('data', (part) => (body += String(part))).on('end', () => resolve(body));
        })
          .on('error', reject)
          .end();
      });
      expect(text).not.toContain('not for browsers');
    },
  );
});

@Controller('orders')
class Orders {
  @Post()
  place(@Body() body: object): object {
    return { placed: body };
  }

  @Get('slow')
  @Sse()
  events(): Observable<MessageEvent> {
    return concat(of({ data: { approved: true } }), NEVER);
  }
}

describe('requests to other services', () => {
  let orders: INestApplication<Server>;
  let console: Server;

  beforeEach(async () => {
    const module = await Test.createTestingModule({ controllers: [Orders] }).compile();
    orders = module.createNestApplication({ logger: false, forceCloseConnections: true });
    await orders.listen(0, '127.0.0.1');
    apps.push(orders);
    console = await start({ services: { order: await orders.getUrl(), gone: 'http://127.0.0.1:1' } });
  });

  it('are passed on with their body', async () => {
    const { status, body } = await supertest(console).post('/console/services/order/orders').send({ sku: 'SKU-CUP' });
    expect([status, body]).toEqual([201, { placed: { sku: 'SKU-CUP' } }]);
  });

  it('are answered as the service does, its errors included', async () => {
    expect((await supertest(console).get('/console/services/order/nothing')).status).toBe(404);
  });

  it('stream events as they come', async () => {
    const { port } = console.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/console/services/order/orders/slow`);
    const first = await response.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toContain('"approved":true');
  });

  it('are answered 502 with problem details when the service is away', async () => {
    const { status, type, body } = await supertest(console).get('/console/services/gone/orders');
    expect([status, type]).toEqual([502, 'application/problem+json']);
    expect(body).toMatchObject({ status: 502, detail: 'http://127.0.0.1:1 does not answer.' });
  });

  it('are only to those that were named', async () => {
    const page = await supertest(console).get('/console');
    expect(settingsIn(page)).toMatchObject({ services: ['order', 'gone'] });
  });
});
