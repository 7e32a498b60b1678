import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { AdminModule } from '@palinode/saga/admin';
import { OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import { bookTripSaga } from './book-trip.js';
import { kafka, listen } from './service.js';

const orchestrator = OrchestratorModule.forRoot({
  definitions: [bookTripSaga],
  kafka,
  dataSource: getDataSourceToken(),
});

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'],
      migrations: orchestratorMigrations,
      migrationsRun: true,
    }),
    orchestrator,
    AdminModule.forRoot({ imports: [orchestrator] }),
  ],
})
class OrchestratorAppModule {}

await listen(await NestFactory.create(OrchestratorAppModule), 3021);
