import { Module, type DynamicModule } from '@nestjs/common';
import { SubscriberModule } from '@palinode/saga/subscriber';
import { databaseModule, kafkaOf, type ServiceEnvironment } from '@palinode/service';
import { reportingMigrations } from './database/migrations';
import { Generations } from './generations/generations';
import { Rebuilding } from './generations/rebuilding';
import { ReportsController } from './reports.controller';
import { SalesEvents } from './sales/sales-events';
import { Sales } from './sales/sales';

/** Sales by article and by day, in tables that the service can rebuild from the events at any time. */
@Module({})
export class ReportingModule {
  static with(environment: ServiceEnvironment): DynamicModule {
    return {
      module: ReportingModule,
      imports: [
        databaseModule({ environment, service: 'reporting', migrations: reportingMigrations }),
        SubscriberModule.forRoot({
          group: 'reporting',
          transaction: 'per-batch',
          opens: false,
          kafka: kafkaOf(environment),
        }),
      ],
      controllers: [ReportsController, SalesEvents],
      providers: [Generations, Rebuilding, Sales],
    };
  }
}
