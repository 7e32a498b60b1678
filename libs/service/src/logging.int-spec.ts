import { Logger as NestLogger } from '@nestjs/common';
import { createServer, type Server } from 'node:http';
import { Writable } from 'node:stream';
import { Logger, PinoLogger } from 'nestjs-pino';
import { pinoHttp, type Options } from 'pino-http';
import request from 'supertest';
import { logOptions } from './logging';

type Line = Record<string, unknown>;

const lines: Line[] = [];
const stream = new Writable({
  write: (chunk: Buffer, _, done) => {
    lines.push(JSON.parse(String(chunk)) as Line);
    done();
  },
});

/** The options of the service `shop`, written to the lines above. */
const options = (): Options => ({ ...(logOptions('shop', { LOG_LEVEL: 'debug' }).pinoHttp as Options), stream });

beforeEach(() => lines.splice(0));

describe('the log of a service', () => {
  beforeAll(() => NestLogger.overrideLogger(new Logger(new PinoLogger({ pinoHttp: options() }), {})));
  afterAll(() => NestLogger.overrideLogger(false));

  it('has the fields of a Nest logger’s line beside its text, and names the service and the instance', () => {
    new NestLogger('Orchestrator').warn('saga-paused: 100 %d of it', { event: 'saga-paused', saga: 's-1' });
    expect(lines).toEqual([
      {
        level: 40,
        time: expect.any(Number) as number,
        service: 'shop',
        instance: expect.stringMatching(new RegExp(`.-${process.pid}$`)) as string,
        context: 'Orchestrator',
        event: 'saga-paused',
        saga: 's-1',
        msg: 'saga-paused: 100 %d of it',
      },
    ]);
  });

  it('has the stack of an error among the fields', () => {
    new NestLogger('Participant').warn('command-failed', { err: new TypeError('no lamp') });
    expect(lines).toMatchObject([
      { err: { type: 'TypeError', message: 'no lamp', stack: expect.stringContaining('logging.int-spec') as string } },
    ]);
  });

  it('keeps lines without fields, and errors, as they are', () => {
    new NestLogger('Database').warn('it is away');
    new NestLogger('Http').error(new Error('no lamp'));
    expect(lines).toMatchObject([
      { msg: 'it is away', context: 'Database' },
      { level: 50, context: 'Http', err: { message: 'no lamp' } },
    ]);
  });
});

describe('the log of requests', () => {
  let server: Server;

  beforeAll(() => {
    const logged = pinoHttp(options());
    server = createServer((incoming, response) => {
      logged(incoming, response);
      response.statusCode = Number(new URL(`http://shop${incoming.url}`).searchParams.get('status'));
      response.end();
    });
  });
  afterAll(() => server.close());

  it.each([
    ['/orders', 200, 20],
    ['/orders', 404, 30],
    ['/orders', 429, 20],
    ['/orders', 503, 50],
    ['/readyz', 503, 20],
    ['/livez', 500, 20],
    ['/consumers', 503, 20],
    ['/v1/health', 503, 20],
    ['/readyz-or-not', 503, 50],
  ])('has a request of %s that is answered with %i at level %i', async (path, status, level) => {
    await request(server).get(`${path}?status=${status}`).expect(status);
    expect(lines.map((line) => line['level'])).toEqual([level]);
  });
});
