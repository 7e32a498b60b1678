import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { AdminModule } from '@palinode/saga/admin';
import { Orchestrator, OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import { databaseModule } from '../service/database.js';
import { kafka } from '../service/environment.js';
import { HealthController, READINESS } from '../service/health.controller.js';
import { placeOrderSaga } from './sagas/place-order.js';

const orchestrator = OrchestratorModule.forRoot({
  definitions: [placeOrderSaga],
  kafka,
  dataSource: getDataSourceToken(),
});

@Module({
  imports: [databaseModule(orchestratorMigrations), orchestrator, AdminModule.forRoot({ imports: [orchestrator] })],
  controllers: [HealthController],
  providers: [{ provide: READINESS, useExisting: Orchestrator }],
})
export class OrchestratorAppModule {}
