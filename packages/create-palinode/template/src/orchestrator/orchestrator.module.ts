import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { accessKeys, AdminModule } from '@palinode/saga/admin';
import { Orchestrator, OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import { databaseModule } from '../service/database.js';
import { adminKeysFile, isAdminOpen, kafka } from '../service/environment.js';
import { HealthController, READINESS } from '../service/health.controller.js';
import { placeOrderSaga } from './sagas/place-order.js';

const orchestrator = OrchestratorModule.forRoot({
  definitions: [placeOrderSaga],
  kafka,
  dataSource: getDataSourceToken(),
});

// In development everybody may use it; in production the start fails without a decision.
const admin = AdminModule.forRoot({
  imports: [orchestrator],
  access: isAdminOpen ? 'open' : adminKeysFile === undefined ? undefined : accessKeys({ file: adminKeysFile }),
});

@Module({
  imports: [databaseModule(orchestratorMigrations), orchestrator, admin],
  controllers: [HealthController],
  providers: [{ provide: READINESS, useExisting: Orchestrator }],
})
export class OrchestratorAppModule {}
