import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { READINESS, type ReadinessCheck, type ReadinessChecks } from './readiness-check';

const PATIENCE_MS = 2_000;

/** `/livez`: the process answers. `/readyz`: it can do its work; what is wrong is said by name. */
@Controller()
@ApiExcludeController()
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly modules: ModuleRef,
    @Inject(READINESS) private readonly checks: ReadinessChecks,
  ) {}

  @Get('livez')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) response: Response): Promise<object> {
    const found = await Promise.all([
      this.database(),
      ...Object.entries(this.checks).map(async ([name, token]) => {
        const problem = await this.modules.get<ReadinessCheck>(token, { strict: false }).check();
        return [name, problem ?? 'ok'];
      }),
    ]);
    const details = Object.fromEntries(found) as Record<string, string>;
    const ready = Object.values(details).every((each) => each === 'ok');
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'not ready', details };
  }

  private async database(): Promise<[string, string]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, `no answer within ${PATIENCE_MS} ms`);
    });
    const answer = this.dataSource.query('SELECT 1').then(
      () => 'ok',
      () => 'no connection',
    );
    const outcome = await Promise.race([answer, late]);
    clearTimeout(timer);
    return ['database', outcome];
  }
}
