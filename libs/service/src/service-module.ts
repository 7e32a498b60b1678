import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
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
      imports: [LoggerModule.forRoot(logging), ...faults, module],
      controllers: [HealthController],
      providers: [{ provide: READINESS, useValue: readiness }],
    };
  }
}
