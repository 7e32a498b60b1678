import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { AdminModule } from '@palinode/saga/admin';
import { OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import { bookStaySaga } from '../book-stay.js';

const orchestrator = OrchestratorModule.forRoot({
  definitions: [bookStaySaga],
  kafka: { brokers: [process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9192'] },
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
export class OrchestratorAppModule {}
