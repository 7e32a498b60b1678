/* Tests what a foreign web page in a real browser can do to a service on the same machine. */
import { Controller, Get, Header, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { guardOrigin } from './request-origin';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
if (!isThere) console.warn(`There is no browser at ${CHROMIUM}: install chromium, or name one by CHROMIUM.`);
// With CI=true the tests fail without a browser.
const withBrowser = isThere || process.env['CI'] === 'true' ? describe : describe.skip;
const EVIL = 'rebind.evil.example';

let armed = 0;
let read = 0;

@Controller()
class AdminController {
  @Get()
  @Header('content-type', 'text/html')
  page(): string {
    return '<title>admin</title>';
  }

  @Get('sagas')
  sagas(): object {
    read += 1;
    return { items: ['all of them'] };
  }

  @Post('reset')
  reset(): object {
    armed += 1;
    return {};
  }
}

@Module({ controllers: [AdminController] })
class Admin {}

withBrowser('a web page in a real browser on the same machine', () => {
  let admin: NestExpressApplication;
  let evil: Server;
  let browser: Browser;
  let page: Page;
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const adminAt = (host: string): string => `http://${host}:${portOf(admin.getHttpServer())}`;

  beforeAll(async () => {
    admin = await NestFactory.create<NestExpressApplication>(Admin, { logger: false });
    guardOrigin(admin, { host: '127.0.0.1', allowed: [] });
    await admin.listen(0, '127.0.0.1');
    evil = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<title>evil</title>');
    });
    await new Promise<void>((resolve) => void evil.listen(0, '127.0.0.1', resolve));
    const args = ['--no-sandbox', `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });
  afterAll(async () => {
    await browser?.close();
    evil?.closeAllConnections();
    evil?.close();
    await admin?.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    [armed, read] = [0, 0];
  });
  afterEach(() => page.close());

  const send = (path: string, method: string): Promise<string> =>
    page.evaluate(
      ([url, verb]) =>
        fetch(String(url), { method: String(verb), mode: 'no-cors' }).then(
          (response) => `${response.type} ${response.status}`,
          () => 'failed',
        ),
      [path, method],
    );

  it('lets a page of the service use the service', async () => {
    await page.goto(adminAt('127.0.0.1'));
    expect(await send('/sagas', 'GET')).toBe('basic 200');
    expect(await send('/reset', 'POST')).toBe('basic 201');
    expect([armed, read]).toEqual([1, 1]);
  });

  it.each(['127.0.0.1', 'localhost', EVIL])('blocks fetch and forms of a page from %s', async (host) => {
    await page.goto(`http://${host}:${portOf(evil)}/`);
    await send(`${adminAt('127.0.0.1')}/sagas`, 'GET');
    await send(`${adminAt('127.0.0.1')}/reset`, 'POST');
    const answered = page.waitForResponse((response) => response.url().endsWith('/reset'));
    const form = `<form method="post" action="${adminAt('127.0.0.1')}/reset"></form>`;
    await page.evaluate(`document.body.innerHTML = ${JSON.stringify(form)}; document.forms[0].submit()`);
    expect((await answered).status()).toBe(403);
    expect([armed, read]).toEqual([0, 0]);
  });

  it('blocks reads of a page after DNS rebinding', async () => {
    const answer = await page.goto(`${adminAt(EVIL)}/sagas`);
    expect(answer?.status()).toBe(421);
    expect(await send('/reset', 'POST')).toBe('basic 421');
    expect([armed, read]).toEqual([0, 0]);
  });

  it('lets a foreign page link to the service', async () => {
    await page.goto(`http://${EVIL}:${portOf(evil)}/`);
    const answered = page.waitForResponse((response) => response.url().startsWith(adminAt('127.0.0.1')));
    const link = `<a href="${adminAt('127.0.0.1')}/">admin</a>`;
    await page.evaluate(`document.body.innerHTML = ${JSON.stringify(link)}; document.links[0].click()`);
    expect((await answered).status()).toBe(200);
  });
});
