import { Controller, Delete, Get, Module, Post, type BeforeApplicationShutdown, type Type } from '@nestjs/common';
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import request, { type Test } from 'supertest';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from '@palinode/test-support/shop/databases';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { ConfigurationError } from '@palinode/saga/contract';
import { NestFactory } from '@nestjs/core';
import { connect, createService, databaseModule, readEnvironment, ServiceEnvironment } from '.';
import { listen } from './start-service';
let directory: string;
let postgres: EmbeddedPostgres;
let environment: ServiceEnvironment;

class CreateOnce1000000000000 implements MigrationInterface {
  // Without IF NOT EXISTS: a second instance that runs it as well fails.
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE once (id int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE once');
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'palinode-service-'));
  await chmod(directory, 0o711);
  postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases: databaseNames });
  environment = readEnvironment(ServiceEnvironment, {
    DATABASE_URL: postgres.url('palinode_order'),
    KAFKA_BROKERS: '127.0.0.1:1',
    LOG_LEVEL: 'silent',
  });
});
afterAll(async () => {
  await postgres?.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('migrations', () => {
  it('runs migrations once when three instances start together', async () => {
    const options = { environment, service: 'order', migrations: [CreateOnce1000000000000] };
    const instances = await Promise.all([connect(options), connect(options), connect(options)]);
    const [dataSource] = instances;
    expect(await dataSource?.query('SELECT name FROM migrations')).toEqual([{ name: 'CreateOnce1000000000000' }]);
    await Promise.all(instances.map((each) => each.destroy()));
  });
});

it('ends the start with the remedy when a pooler rejects connection settings', async () => {
  const refusing = createServer((socket) => {
    const fields = ['SFATAL', 'C08P01', 'Munsupported startup parameter: options', '']
      .map((field) => `${field}\0`)
      .join('');
    const answer = Buffer.from(`E0000${fields}`);
    answer.writeInt32BE(answer.length - 1, 1);
    socket.on('error', () => undefined).once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const { port } = refusing.address() as AddressInfo;
  const pooled = { ...environment, DATABASE_URL: `postgres://order:secret@127.0.0.1:${port}/order` };
  const starting = connect({ environment: pooled, service: 'order', migrations: [] });
  await expect(starting).rejects.toThrow(/set DATABASE_POOLER=transaction/);
  refusing.close();
});

describe('the start of a service', () => {
  const starting = (change: (url: URL) => void): Promise<unknown> => {
    const url = new URL(environment.DATABASE_URL);
    change(url);
    return connect({ environment: { ...environment, DATABASE_URL: url.href }, service: 'order', migrations: [] });
  };

  it.each<[string, (url: URL) => void, RegExp]>([
    [
      'its password is wrong',
      (url) => (url.password = 'wrong'),
      /password authentication failed.*; correct the role or its/,
    ],
    ['its role does not exist', (url) => (url.username = 'nobody'), /"nobody".*; correct the role/],
    ['its database does not exist', (url) => (url.pathname = '/nowhere'), /"nowhere" does not exist.*; create the/],
    ['it may not connect to the database', (url) => (url.pathname = '/palinode_payment'), /; grant the role/],
  ])('ends the start with the remedy when %s', async (_what, change, message) => {
    const error: unknown = await starting(change).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('ends the start with the remedy when a migration lacks the right to create its table', async () => {
    const here = Object.assign(new URL(postgres.adminUrl), { pathname: '/palinode_order' });
    const administrator = new Client({ connectionString: here.href });
    await administrator.connect();
    try {
      await administrator.query('CREATE SCHEMA closed');
      await administrator.query('GRANT USAGE ON SCHEMA closed TO palinode_order');
    } finally {
      await administrator.end();
    }
    const url = new URL(environment.DATABASE_URL);
    url.searchParams.set('options', '-c search_path=closed');
    const closed = { ...environment, DATABASE_URL: url.href };
    await expect(
      connect({ environment: closed, service: 'order', migrations: [CreateOnce1000000000000] }),
    ).rejects.toThrow(/permission denied for schema closed.*USAGE and CREATE on its schema/);
  });

  it('ends the start with the remedy when its port is in use or its host is not local', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const app = await NestFactory.create(class {}, { logger: false });
    try {
      await expect(listen(app, { HOST: '127.0.0.1', PORT: port })).rejects.toThrow(
        `PORT: port ${port} of 127.0.0.1 is in use; end the process that has it, or set PORT to another one.`,
      );
      await expect(listen(app, { HOST: '192.0.2.1', PORT: 0 })).rejects.toThrow(/HOST: 192\.0\.2\.1 is no address/);
    } finally {
      await app.close();
      other.close();
    }
  });
});

describe('a service', () => {
  let failure: string | undefined;
  let flat: string | undefined;

  @Controller('broken')
  class BrokenController {
    @Get()
    break(): never {
      throw new Error('the password is 1234');
    }

    @Post()
    write(): Promise<unknown> {
      return app.get(DataSource).query('CREATE TABLE written (id int)');
    }

    /** The connection breaks between two statements of a transaction. */
    @Delete()
    interrupt(): Promise<unknown> {
      const source = app.get(DataSource);
      return source.transaction(async (tx) => {
        const [{ pid }] = await tx.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
        await source.query('SELECT pg_terminate_backend($1)', [pid]);
        await waitUntil('TypeORM has released the connection', () => tx.queryRunner?.isReleased);
        await tx.query('SELECT 1');
      });
    }
  }

  class Horn {
    readonly optional = true;

    check(): string {
      return 'hoarse';
    }
  }

  class Wheels {
    check(): string | undefined {
      return flat;
    }
  }

  class Engine {
    check(): string | undefined {
      return failure;
    }
  }

  @Module({})
  class Shop {}

  const start = async (
    further: Partial<ServiceEnvironment> = {},
    modules: readonly Type[] = [],
  ): ReturnType<typeof createService> => {
    const app = await createService(
      {
        name: 'shop',
        module: () => ({
          module: Shop,
          imports: [databaseModule({ environment, service: 'shop', migrations: [] }), ...modules],
          controllers: [BrokenController],
          providers: [Engine, Horn, Wheels],
        }),
        readiness: { engine: Engine, horn: Horn },
        consumers: { wheels: Wheels },
      },
      { ...environment, ...further },
    );
    return app.init();
  };
  let app: Awaited<ReturnType<typeof start>>;
  const http = (): ReturnType<typeof request> => request(app.getHttpServer());

  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app?.close());

  it('stays ready while only an optional dependency fails', async () => {
    await http().get('/livez').expect(200, { status: 'ok' });
    await http()
      .get('/readyz')
      .expect(200)
      .expect(({ body }) =>
        expect(body).toMatchObject({
          status: 'degraded',
          details: {
            database: { status: 'up' },
            engine: { status: 'up' },
            horn: { status: 'degraded', message: 'hoarse' },
          },
        }),
      );
  });

  it('names the dependency that makes it unready', async () => {
    failure = 'no oil';
    await http()
      .get('/readyz')
      .expect(503)
      .expect(({ body }) =>
        expect(body).toMatchObject({ status: 'error', error: { engine: { status: 'down', message: 'no oil' } } }),
      );
    failure = undefined;
  });

  it('is not ready before its consumers have worked once, and takes requests without them afterwards', async () => {
    flat = 'a flat tyre';
    const other = await start();
    const get = (path: string): Test => request(other.getHttpServer()).get(path);
    const unready = await get('/readyz').expect(503);
    expect(unready.body.error).toEqual({ wheels: { status: 'down', message: flat } });
    flat = undefined;
    await get('/readyz').expect(200);
    await get('/consumers').expect(200);
    flat = 'a flat tyre';
    const degraded = await get('/readyz').expect(200);
    expect(degraded.body.details.wheels).toEqual({ status: 'degraded', message: flat });
    const stopped = await get('/consumers').expect(503);
    expect(stopped.body).toMatchObject({ status: 'error', details: { wheels: { status: 'down', message: flat } } });
    flat = undefined;
    await other.close();
  });

  it('is no longer ready while it shuts down', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    class Consumer implements BeforeApplicationShutdown {
      beforeApplicationShutdown(): Promise<void> {
        return finished;
      }
    }
    @Module({ providers: [Consumer] })
    class Consumers {}

    const other = await start({}, [Consumers]);
    await other.listen(0);
    const readiness = (): Test => request(other.getHttpServer()).get('/readyz');
    await readiness().expect(200);
    const closed = other.close();
    const { body } = await waitUntil('it is not ready', async () => {
      const answer = await readiness();
      return answer.status === 503 && answer;
    });
    expect(body).toMatchObject({ status: 'shutting_down', details: { database: { status: 'up' } } });
    finish();
    await closed;
  });

  it('stays alive but unready while the database is down, and recovers by itself', async () => {
    await postgres.kill();
    await http().get('/livez').expect(200);
    const { body } = await http().get('/readyz').expect(503);
    expect(body.details.database).toEqual({ status: 'down', message: 'no connection' });
    await postgres.restart();
    await http().get('/readyz').expect(200);
  });

  it('reports unready while its database is read-only, and answers writes with 503 and Retry-After', async () => {
    const administrator = new Client({ connectionString: postgres.adminUrl });
    await administrator.connect();
    await administrator.query('ALTER DATABASE palinode_order SET default_transaction_read_only = on');
    await administrator.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'palinode_order'`,
    );
    await waitUntil('it is read-only', async () => {
      const { body } = await http().get('/readyz').expect(503);
      return body.details.database.message === 'read-only';
    });
    await http().post('/broken').expect(503).expect('Retry-After', '1');
    await administrator.query('ALTER DATABASE palinode_order RESET default_transaction_read_only');
    await administrator.end();
    // The connections are not cut again; the service gives up read-only ones itself.
    await waitUntil('it is ready again', async () => (await http().get('/readyz')).status === 200);
  });

  it('answers a request whose connection breaks within its transaction with 503 and Retry-After', async () => {
    const { body } = await http().delete('/broken').expect(503).expect('Retry-After', '1');
    expect(body.type).toBe('urn:palinode:problem:database-away');
  });

  it('serves an OpenAPI description of its API', async () => {
    const { body } = await http().get('/openapi.json').expect(200);
    expect(body).toMatchObject({ openapi: expect.stringMatching(/^3/), info: { title: 'Palinode shop API' } });
    await http().get('/docs').expect(200).expect('content-type', /html/);
  });

  it('answers an unknown path with problem details', async () => {
    const { body } = await http()
      .get('/nowhere')
      .expect(404)
      .expect('content-type', /application\/problem\+json/);
    expect(body).toEqual({
      type: 'urn:palinode:problem:not-found',
      title: 'Not found',
      status: 404,
      detail: 'Cannot GET /nowhere',
      instance: '/nowhere',
    });
  });

  it.each(['/livez%00', '/nowhere/%00/x', '/livez?customer=%00', '/livez?a=1&b=x%00y'])(
    'rejects %s, whose address has NUL, before any handler runs',
    async (address) => {
      const { body } = await http().get(address).expect(400);
      expect(body).toMatchObject({ status: 400, errors: [{ field: 'url', problem: 'has NUL' }] });
    },
  );

  it('reveals nothing of an internal error', async () => {
    const { body } = await http().get('/broken').expect(500);
    expect(JSON.stringify(body)).not.toContain('1234');
  });

  it('sends X-Content-Type-Options and no X-Powered-By', async () => {
    const { headers } = await http().get('/livez');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('announces a keep-alive timeout longer than that of load balancers, or the configured one', async () => {
    await http().get('/livez').set('Connection', 'keep-alive').expect('Keep-Alive', 'timeout=65');
    const other = await start({ HTTP_KEEP_ALIVE_MS: 620_000 });
    const response = request(other.getHttpServer()).get('/livez').set('Connection', 'keep-alive');
    await response.expect('Keep-Alive', 'timeout=620');
    await other.close();
  });

  it('closes its database connections when it stops', async () => {
    const other = await start();
    await other.close();
    expect(other.get(DataSource).isInitialized).toBe(false);
  });
});
