import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';

export const READINESS = Symbol('READINESS');

interface Readiness {
  /** Why the service cannot do its work now; undefined when it can. */
  check(): string | undefined;
}

@Controller()
export class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness) {}

  /** Whether the process runs. */
  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Whether it is connected to Kafka and makes progress. */
  @Get('readyz')
  ready(): { status: 'ok' } {
    const problem = this.readiness.check();
    if (problem !== undefined) throw new ServiceUnavailableException(problem);
    return { status: 'ok' };
  }
}
