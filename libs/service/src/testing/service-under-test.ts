import type { NestExpressApplication } from '@nestjs/platform-express';
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { EmbeddedPostgres } from '../../../../stack/src/postgres/embedded-postgres';
import { createService, readEnvironment, ServiceEnvironment, type ServiceOptions } from '..';
import { Correspondent } from './correspondent';

/** A service with a database and a broker of its own, all real, for the integration tests of its handlers and routes. */
export class ServiceUnderTest {
  private constructor(
    readonly app: NestExpressApplication,
    /** Plays the orchestrator. */
    readonly orchestrator: Correspondent,
    private readonly closing: (() => Promise<unknown>)[],
  ) {}

  static async start(options: ServiceOptions): Promise<ServiceUnderTest> {
    const directory = await mkdtemp(join(tmpdir(), `palinode-${options.name}-`));
    // Where root runs the tests, the database's server is another user.
    await chmod(directory, 0o711);
    const closing: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
    try {
      const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
      closing.unshift(() => postgres.stop());
      const kafka = await EmbeddedKafka.start({ directory: join(directory, 'kafka'), port: 0 });
      closing.unshift(() => kafka.close());
      const app = await createService(
        options,
        readEnvironment(ServiceEnvironment, {
          DATABASE_URL: postgres.url(`palinode_${options.name}`),
          KAFKA_BROKERS: kafka.address,
          LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
        }),
      );
      closing.unshift(() => app.close());
      await app.startAllMicroservices();
      await app.listen(0, '127.0.0.1');
      const orchestrator = await Correspondent.start(kafka.address, options.name);
      closing.unshift(() => orchestrator.stop());
      return new ServiceUnderTest(app, orchestrator, closing);
    } catch (error) {
      for (const close of closing) await close();
      throw error;
    }
  }

  async sql<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app.get(DataSource).query(text, parameters);
  }

  async stop(): Promise<void> {
    for (const close of this.closing) await close();
  }
}
