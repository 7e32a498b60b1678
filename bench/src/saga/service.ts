/* One process of the benched system: `node service.js stock|payment|order|orchestrator`, told what to do by its parent. */
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GroupCommit } from '@palinode/service';
import { DataSource, type EntityManager } from 'typeorm';
import {
  connectParticipant,
  ParticipantHealth,
  ParticipantModule,
  participantMigrations,
  PipelinedClient,
  prepared,
  Sagas,
} from '@palinode/saga/participant';
import { Orchestrator, OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import type { CommandContract } from '@palinode/saga/contract';
import { PLACE, TABLES, type BenchOrder } from '../effects';
import { drive, type LoadOptions } from '../load';
import { approve, authorize, buy, reject, release, reserve } from './contracts';
import { buying } from './definition';
import { untilFinished } from '../finished';
import { Orders, Payment, Stock } from './participants';

const name = process.argv[2] ?? '';
const url = process.env['DATABASE_URL'] ?? '';
const kafka = {
  brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
  partitions: Number(process.env['BENCH_PARTITIONS'] ?? 4),
};

@Module({})
class Root {}

function participant(
  service: 'stock' | 'payment' | 'order',
  controller: new () => object,
  commands: CommandContract[],
): DynamicModule {
  return {
    module: Root,
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url, extra: { Client: PipelinedClient, max: 12 } }),
      ParticipantModule.forRoot({ service, commands, kafka }),
    ],
    controllers: [controller],
  };
}

const MODULES: Readonly<Record<string, () => DynamicModule>> = {
  stock: () => participant('stock', Stock, [reserve, release]),
  payment: () => participant('payment', Payment, [authorize]),
  order: () => participant('order', Orders, [approve, reject]),
  orchestrator: () => ({
    module: Root,
    imports: [OrchestratorModule.forRoot({ definitions: [buying], kafka, databaseUrl: url })],
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
  while (problem() !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  process.on('disconnect', () => process.exit(1));
  process.on('message', (options: LoadOptions) => void load(app.get(DataSource), app.get(Sagas), options));
  process.send?.('ready');
}

/** Orders that come at the same time are written in one transaction, as the shop does it. */
async function load(source: DataSource, sagas: Sagas, options: LoadOptions): Promise<void> {
  const group = new GroupCommit((orders: readonly BenchOrder[]) =>
    source.transaction((tx) => Promise.all(orders.map((order) => place(tx, sagas, order)))),
  );
  const result = await drive(options, async (order) => {
    const end = untilFinished(order.orderId);
    await group.add(order);
    await end;
  });
  process.send?.(result);
}

async function place(tx: EntityManager, sagas: Sagas, order: BenchOrder): Promise<string> {
  const { orderId, sku, quantity, amountCents } = order;
  const [, sagaId] = await Promise.all([
    prepared(tx, 'place', PLACE, [orderId, sku, quantity, amountCents]),
    sagas.start(tx, buy, order),
  ]);
  return sagaId;
}

void main();
