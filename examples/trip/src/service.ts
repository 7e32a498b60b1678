/* What the services have in common: a database of their own, the broker, and how they start. */
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { connectParticipant, participantMigrations } from '@palinode/saga/participant';
import type { MigrationInterface } from 'typeorm';

export const kafka = { brokers: [process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9192'] };

/** The service's database, with Palinode's tables before its own. */
export function database(...migrations: Type<MigrationInterface>[]): DynamicModule {
  return TypeOrmModule.forRoot({
    type: 'postgres',
    url: process.env['DATABASE_URL'],
    migrations: [...participantMigrations, ...migrations],
    migrationsRun: true,
  });
}

export async function serve(module: Type, usualPort = 0): Promise<void> {
  const app = await NestFactory.create(module);
  connectParticipant(app);
  await app.startAllMicroservices();
  await listen(app, usualPort);
}

export async function listen(app: INestApplication, usualPort: number): Promise<void> {
  app.enableShutdownHooks();
  await app.listen(process.env['PORT'] ?? usualPort, '127.0.0.1');
  // start-trip.ts, which starts the service, waits for this.
  process.send?.(await app.getUrl());
}
