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
import { HEALTH_PARTS, type HealthParts, type ReadinessCheck, type ReadinessChecks } from './readiness-check';

/** A start that takes longer waits for a broker that is away. */
const STARTS_WITHIN_MS = 10_000;

/**
 * `/livez`: the process answers. `/readyz`: the service may take requests. `/consumers`: it handles messages. Each failing
 * part is named with its problem.
 */
@Controller()
@ApiExcludeController()
export class HealthController {
  private readonly startedAt = performance.now();
  /** The consumers that have worked. */
  private readonly started = new Set<string>();

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly modules: ModuleRef,
    @Inject(HEALTH_PARTS) private readonly parts: HealthParts,
  ) {}

  @Get('livez')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** Answers 503 with a body of the same shape, not with problem details. */
  @Get('readyz')
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const { readiness, consumers } = this.parts;
    return this.check(response, [
      ...this.each(readiness, (name, part) => this.indicate(name, part, () => part.optional === true)),
      ...this.each(consumers, (name, part) => this.indicate(name, part, () => this.mayServeWithout(name))),
    ]);
  }

  @Get('consumers')
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  consume(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.check(
      response,
      this.each(this.parts.consumers, (name, part) => this.indicate(name, part, () => false)),
    );
  }

  private each<T>(checks: ReadinessChecks, use: (name: string, part: ReadinessCheck) => T): (() => T)[] {
    return Object.entries(checks).map(([name, token]) => {
      const part = this.modules.get<ReadinessCheck>(token, { strict: false });
      return () => use(name, part);
    });
  }

  private async check(
    response: Response,
    checks: (() => Promise<HealthIndicatorResult>)[],
  ): Promise<HealthCheckResult> {
    try {
      return await this.health.check(checks);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  /** Up, down, or degraded when the service takes requests without this part. */
  private async indicate(
    name: string,
    part: ReadinessCheck,
    isOptional: () => boolean,
  ): Promise<HealthIndicatorResult> {
    const problem = await part.check();
    const indicator = this.indicators.check(name);
    if (problem === undefined) this.started.add(name);
    if (problem === undefined) return indicator.up();
    return isOptional() ? indicator.degraded(problem) : indicator.down(problem);
  }

  /** A service has started once its consumers have worked, so that a deployment that breaks them does not go on. */
  private mayServeWithout(consumer: string): boolean {
    const hasWaited = this.parts.servesWithoutBroker && performance.now() - this.startedAt > STARTS_WITHIN_MS;
    return hasWaited || this.started.has(consumer);
  }
}
