import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { releaseStock, reserveStock } from '../contracts/index.js';
import { databaseModule } from '../service/database.js';
import { kafka } from '../service/environment.js';
import { HealthController, READINESS } from '../service/health.controller.js';
import { CreateStock1770000000002 } from './create-stock.js';
import { InventoryCommands } from './inventory.commands.js';
import { StockController } from './stock.controller.js';

@Module({
  imports: [
    databaseModule([...participantMigrations, CreateStock1770000000002]),
    ParticipantModule.forRoot({ service: 'inventory', commands: [reserveStock, releaseStock], kafka }),
  ],
  controllers: [HealthController, StockController, InventoryCommands],
  providers: [{ provide: READINESS, useExisting: ParticipantHealth }],
})
export class InventoryModule {}
