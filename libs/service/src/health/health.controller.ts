import { Controller, Get, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import type { Response } from 'express';
import { READINESS, type ReadinessCheck, type ReadinessChecks } from './readiness-check';

/** `/livez`: the process answers. `/readyz`: the service works; each failing part is named with its problem. */
@Controller()
@ApiExcludeController()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly modules: ModuleRef,
    @Inject(READINESS) private readonly checks: ReadinessChecks,
  ) {}

  @Get('livez')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** Answers 503 with a body of the same shape, not with problem details. */
  @Get('readyz')
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const parts = Object.entries(this.checks).map(
      ([name, token]) => [name, this.modules.get<ReadinessCheck>(token, { strict: false })] as const,
    );
    try {
      return await this.health.check(
        parts.map(
          ([name, part]) =>
            () =>
              this.indicate(name, part),
        ),
      );
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  /** Up, down, or degraded when the service works without this part. */
  private async indicate(name: string, part: ReadinessCheck): Promise<HealthIndicatorResult> {
    const problem = await part.check();
    const indicator = this.indicators.check(name);
    if (problem === undefined) return indicator.up();
    return part.optional ? indicator.degraded(problem) : indicator.down(problem);
  }
}
