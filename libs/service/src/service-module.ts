import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { ServiceEnvironment } from './environment/service-environment';
import { HealthController } from './health/health-controller';
import { READINESS, type ReadinessChecks } from './health/readiness-check';
import { logOptions } from './log-options';

export interface ServiceModuleOptions {
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly environment: ServiceEnvironment;
  readonly readiness: ReadinessChecks;
  /** Empty where no faults can be made. */
  readonly faults: readonly DynamicModule[];
}

/** A service's own module, with logging and health around it. */
@Module({})
export class ServiceModule {
  static around({ name, module, environment, readiness, faults }: ServiceModuleOptions): DynamicModule {
    return {
      module: ServiceModule,
      imports: [LoggerModule.forRoot(logOptions(name, environment)), ...faults, module],
      controllers: [HealthController],
      providers: [{ provide: READINESS, useValue: readiness }],
    };
  }
}
