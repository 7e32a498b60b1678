import { Module, type DynamicModule } from '@nestjs/common';
import { commitStock, releaseStock, reserveStock } from '@palinode/contracts';
import { ParticipantModule } from '@palinode/saga/participant';
import { databaseModule, type ServiceEnvironment } from '@palinode/service';
import { inventoryMigrations } from './database/migrations';
import { ReservationCommands } from './reservations/reservation-commands';
import { Reservations } from './reservations/reservations';
import { Stock } from './stock/stock';
import { StockController } from './stock/stock-controller';

@Module({})
export class InventoryModule {
  static with(environment: ServiceEnvironment): DynamicModule {
    return {
      module: InventoryModule,
      imports: [
        databaseModule({ environment, service: 'inventory', migrations: inventoryMigrations }),
        ParticipantModule.forRoot({
          service: 'inventory',
          commands: [reserveStock, releaseStock, commitStock],
          kafka: { brokers: environment.KAFKA_BROKERS, partitions: environment.KAFKA_PARTITIONS },
        }),
      ],
      controllers: [StockController, ReservationCommands],
      providers: [Stock, Reservations],
    };
  }
}
