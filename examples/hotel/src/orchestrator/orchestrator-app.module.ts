import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { AdminModule } from '@palinode/saga/admin';
import { OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import { bookGroupSaga } from '../book-group.js';
import { bookStaySaga } from '../book-stay.js';
import { bookTransferSaga } from '../book-transfer.js';
import { holdAfter } from './hold-after.js';

const orchestrator = OrchestratorModule.forRootAsync({
  dataSource: getDataSourceToken(),
  inject: [ConfigService],
  useFactory: (config: ConfigService) => ({
    definitions: [bookStaySaga, bookGroupSaga, bookTransferSaga],
    kafka: { brokers: config.getOrThrow<string>('KAFKA_BROKERS').split(',') },
    holdAfter,
  }),
});

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        url: config.getOrThrow<string>('DATABASE_URL'),
        migrations: orchestratorMigrations,
        migrationsRun: true,
      }),
    }),
    orchestrator,
    AdminModule.forRoot({ imports: [orchestrator] }),
  ],
})
export class OrchestratorAppModule {}
