import { Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ConsoleModule } from '@palinode/console';
import { AdminModule } from '@palinode/saga/admin';
import { OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import { connectionOf, databaseModule, kafkaOf } from '@palinode/service';
import { definitions } from './definitions';
import { holdSettingsOf } from './hold-settings-of';
import { adminAccessOf, consoleServicesOf, type OrchestratorEnvironment } from './orchestrator-environment';

/** The saga definitions of the shop, the admin API over them, and the console. */
@Module({})
export class OrchestratorAppModule {
  /** @param pages the built pages of the console, where it does not run from the build */
  static with(environment: OrchestratorEnvironment, registered = definitions, pages?: string): DynamicModule {
    return {
      module: OrchestratorAppModule,
      imports: [
        databaseModule({ environment, service: 'orchestrator', migrations: orchestratorMigrations }),
        OrchestratorModule.forRoot({
          // The admin API, and faults on demand where they are possible, use what it exports.
          isGlobal: true,
          takeOverFrom: environment.TAKE_OVER_FROM,
          definitions: registered,
          kafka: kafkaOf(environment),
          dataSource: getDataSourceToken(),
          connection: connectionOf(environment),
          deadLetterDays: environment.DEAD_LETTER_DAYS,
          endedSagaDays: environment.ENDED_SAGA_DAYS,
          lifecycleEvents: environment.LIFECYCLE_EVENTS === 'on',
          holdAfter: holdSettingsOf(environment),
        }),
        AdminModule.forRoot({ access: adminAccessOf(environment) }),
        ConsoleModule.forRoot({ services: consoleServicesOf(environment), ...(pages !== undefined && { pages }) }),
      ],
    };
  }
}
