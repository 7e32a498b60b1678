import type { NestExpressApplication } from '@nestjs/platform-express';
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { timed } from '@palinode/test-support/time-spent';
import { SharedPostgres } from '@palinode/test-support/postgres/shared-postgres';
import { createService, environmentOf, type ServiceEnvironment, type ServiceOptions } from '../src';
import { Correspondent } from '@palinode/test-support/kafka/correspondent';

type Variables = Readonly<Record<string, string>>;

/** A service with its own real database and broker, for the integration tests of its handlers and routes. */
export class ServiceUnderTest<Environment extends ServiceEnvironment = ServiceEnvironment> {
  private constructor(
    readonly app: NestExpressApplication,
    /** Acts as the orchestrator. */
    readonly orchestrator: Correspondent,
    readonly brokers: readonly string[],
    private readonly options: ServiceOptions<Environment>,
    private readonly variables: Variables,
    private readonly closing: (() => Promise<unknown>)[],
  ) {}

  static async start<Environment extends ServiceEnvironment>(
    options: ServiceOptions<Environment>,
    further: Variables = {},
  ): Promise<ServiceUnderTest<Environment>> {
    const directory = await mkdtemp(join(tmpdir(), `palinode-${options.name}-`));
    const closing: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
    try {
      const kafka = await EmbeddedKafka.start({ directory: join(directory, 'kafka'), port: 0 });
      closing.unshift(() => kafka.close());
      const variables = {
        DATABASE_URL: await SharedPostgres.connect().databaseOf(`palinode_${options.name}`),
        KAFKA_BROKERS: kafka.address,
        LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
        ...further,
      };
      const app = await timed('start of a service', () => start(options, variables));
      closing.unshift(() => app.close());
      const orchestrator = await Correspondent.start(kafka.address, options.name);
      closing.unshift(() => orchestrator.stop());
      return new ServiceUnderTest(app, orchestrator, [kafka.address], options, variables, closing);
    } catch (error) {
      for (const close of closing) await close();
      throw error;
    }
  }

  get url(): string {
    return urlOf(this.app);
  }

  /** One more instance on the same database and broker; the caller closes it. */
  another(further: Variables = {}): Promise<NestExpressApplication> {
    return start(this.options, { ...this.variables, ...further });
  }

  async sql<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app.get(DataSource).query(text, parameters);
  }

  async stop(): Promise<void> {
    for (const close of this.closing) await close();
  }
}

/** The URL of a listening application. */
export function urlOf(app: NestExpressApplication): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function start<Environment extends ServiceEnvironment>(
  options: ServiceOptions<Environment>,
  variables: Variables,
): Promise<NestExpressApplication> {
  const app = await createService(options, environmentOf(options, variables));
  try {
    await app.startAllMicroservices();
    return await app.listen(0, '127.0.0.1').then(() => app);
  } catch (error) {
    await app.close();
    throw error;
  }
}
