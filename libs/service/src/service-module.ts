import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { LoggerModule, type Params } from 'nestjs-pino';
import { DatabaseCheck } from './health/database-check';
import { HealthController } from './health/health-controller';
import { READINESS, type ReadinessChecks } from './health/readiness-check';

export interface ServiceModuleOptions {
  readonly module: Type | DynamicModule;
  readonly logging: Params;
  readonly readiness: ReadinessChecks;
  /** Empty when fault injection is off. */
  readonly faults: readonly DynamicModule[];
}

/** Wraps a service's own module with logging and health. */
@Module({})
export class ServiceModule {
  static wrap({ module, logging, readiness, faults }: ServiceModuleOptions): DynamicModule {
    return {
      module: ServiceModule,
      // The health check logs nothing: it is asked every few seconds, and each part logs its own problem.
      imports: [LoggerModule.forRoot(logging), TerminusModule.forRoot({ logger: false }), ...faults, module],
      controllers: [HealthController],
      providers: [DatabaseCheck, { provide: READINESS, useValue: { database: DatabaseCheck, ...readiness } }],
    };
  }
}
