/* One process of the measured system: `node service.js stock|payment|order|orchestrator`. */
import { randomBytes } from 'node:crypto';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  connectParticipant,
  ParticipantHealth,
  ParticipantModule,
  participantMigrations,
  PipelinedClient,
} from '@palinode/saga/participant';
import { Orchestrator, OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import type { CommandContract } from '@palinode/saga/contract';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { TABLES } from '../effects';
import { serveLoad } from '../load';
import { Buying, OrdersController } from './buying';
import { approve, authorize, pick, putBack, reject, release, reserve } from './contracts';
import { buyingIn } from './definition';
import { Orders, Payment, Stock } from './participants';

const name = process.argv[2] ?? '';
const url = process.env['DATABASE_URL'] ?? '';
const kafka = {
  brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
  partitions: Number(process.env['BENCH_PARTITIONS']),
};

@Module({})
class Root {}

function participant(
  service: 'stock' | 'payment' | 'order',
  controllers: Type[],
  commands: CommandContract[],
  providers: Type[] = [],
): DynamicModule {
  return {
    module: Root,
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url, extra: { Client: PipelinedClient, max: 12 } }),
      ParticipantModule.forRoot({ service, commands, kafka }),
    ],
    controllers,
    providers,
  };
}

const MODULES: Readonly<Record<string, () => DynamicModule>> = {
  stock: () => participant('stock', [Stock], [reserve, release, pick, putBack]),
  payment: () => participant('payment', [Payment], [authorize]),
  order: () => participant('order', [Orders, OrdersController], [approve, reject], [Buying]),
  orchestrator: () => ({
    module: Root,
    imports: [
      OrchestratorModule.forRoot({
        definitions: [buyingIn(Number(process.env['BENCH_STEPS']))],
        kafka,
        databaseUrl: url,
      }),
    ],
  }),
};

async function migrate(): Promise<void> {
  const isParticipant = name !== 'orchestrator';
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: isParticipant ? participantMigrations : orchestratorMigrations,
  });
  await source.initialize();
  await source.runMigrations();
  if (isParticipant) await source.query(TABLES[name as keyof typeof TABLES]);
  await source.destroy();
}

async function main(): Promise<void> {
  await migrate();
  const module = MODULES[name]?.();
  if (module === undefined) throw new Error(`There is no service ${name}.`);
  const app = await NestFactory.create(module, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  if (name !== 'orchestrator') {
    connectParticipant(app);
    await app.startAllMicroservices();
  }
  await app.init();
  const problem = (): string | undefined =>
    name === 'orchestrator' ? app.get(Orchestrator).check() : app.get(ParticipantHealth).check();
  await waitUntil(`the ${name} service to be ready`, () => problem() === undefined, { everyMs: 20 });
  if (name !== 'order') return serveLoad(async () => undefined);
  await app.listen(Number(process.env['BENCH_PORT']), '127.0.0.1');
  const kib = Number(process.env['BENCH_PAYLOAD_KIB']);
  // Random, because PostgreSQL would compress repetitive data.
  const note = kib === 0 ? undefined : randomBytes(768 * kib).toString('base64');
  const buying = app.get(Buying);
  serveLoad((order) => buying.buy(note === undefined ? order : { ...order, note }));
}

void main();
