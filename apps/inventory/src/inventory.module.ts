import { Module, type DynamicModule } from '@nestjs/common';
import { commitStock, releaseStock, reserveStock, stockLow, returnStock } from '@palinode/contracts';
import { ParticipantModule } from '@palinode/saga/participant';
import { databaseModule, handlerTimeoutOf, kafkaOf } from '@palinode/service';
import { AvailabilityCalls } from './availability/availability-calls';
import { AvailabilityController } from './availability/availability.controller';
import { inventoryMigrations } from './database/migrations';
import { InventoryEnvironment } from './inventory-environment';
import { ReservationCommands } from './reservations/reservation-commands';
import { Reservations } from './reservations/reservations';
import { Stock } from './stock/stock';
import { StockController } from './stock/stock.controller';

@Module({})
export class InventoryModule {
  static with(environment: InventoryEnvironment): DynamicModule {
    return {
      module: InventoryModule,
      imports: [
        databaseModule({ environment, service: 'inventory', migrations: inventoryMigrations }),
        ParticipantModule.forRoot({
          service: 'inventory',
          commands: [reserveStock, releaseStock, commitStock, returnStock],
          events: [stockLow],
          kafka: kafkaOf(environment),
          handlerTimeout: handlerTimeoutOf(environment),
        }),
      ],
      // Its path is below that of one article, so this controller comes first.
      controllers: [AvailabilityController, AvailabilityCalls, StockController, ReservationCommands],
      providers: [Stock, Reservations],
    };
  }
}
