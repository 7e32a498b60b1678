import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConsoleModule } from '@palinode/console';
import { AdminModule } from '@palinode/saga/admin';
import { Orchestrator, OrchestratorModule } from '@palinode/saga/orchestrator';
import type { SagaDefinition } from '@palinode/saga/internal';
import { startBroker, type Broker } from '@palinode/test-support/kafka/broker';
import { buildConsole } from '@palinode/test-support/shop/console-pages';
import { freePort } from '@palinode/testing-support/ports';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { mkdirSync } from 'node:fs';

/** The console of an orchestrator on this database, in this process. No service answers its commands. */
export class ServedConsole {
  private constructor(
    private readonly app: INestApplication,
    private readonly broker: Broker,
    readonly url: string,
  ) {}

  static async start(
    databaseUrl: string,
    definitions: readonly SagaDefinition[],
    directory: string,
  ): Promise<ServedConsole> {
    mkdirSync(directory);
    await buildConsole();
    const broker = await startBroker('embedded', directory, await freePort());
    try {
      const imports = [
        OrchestratorModule.forRoot({ definitions, kafka: { brokers: [broker.address] }, databaseUrl, isGlobal: true }),
        AdminModule.forRoot(),
        ConsoleModule.forRoot(),
      ];
      const app = await NestFactory.create({ module: class Root {}, imports }, { logger: ['error', 'fatal'] });
      await app.listen(0, '127.0.0.1');
      await waitUntil('the orchestrator to be ready', () => app.get(Orchestrator).check() === undefined);
      return new ServedConsole(app, broker, `${await app.getUrl()}/console`);
    } catch (error) {
      await broker.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    try {
      await this.app.close();
    } finally {
      await this.broker.stop();
    }
  }
}
