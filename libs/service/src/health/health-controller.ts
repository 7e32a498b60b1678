import { Controller, Get, Inject, type InjectionToken, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { poolOf } from '@palinode/saga/participant';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { READINESS, type ReadinessCheck, type ReadinessChecks } from './readiness-check';

const TIMEOUT_MS = 2_000;
const READ_ONLY = `SELECT current_setting('transaction_read_only')::boolean AS readonly`;

interface Part {
  readonly name: string;
  /** `ok`, or the problem. */
  readonly state: string;
  readonly optional: boolean;
}

/** `/livez`: the process answers. `/readyz`: the service works; each failing part is named with its problem. */
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
      ...Object.entries(this.checks).map(([name, token]) => this.part(name, token)),
    ]);
    const ready = found.every(({ state, optional }) => optional || state === 'ok');
    response.status(ready ? 200 : 503);
    const details = Object.fromEntries(found.map(({ name, state }) => [name, state]));
    return { status: ready ? 'ok' : 'not ready', details };
  }

  private async part(name: string, token: InjectionToken<ReadinessCheck>): Promise<Part> {
    const part = this.modules.get<ReadinessCheck>(token, { strict: false });
    return { name, state: (await part.check()) ?? 'ok', optional: part.optional ?? false };
  }

  private async database(): Promise<Part> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, TIMEOUT_MS, `no answer within ${TIMEOUT_MS} ms`);
    });
    const answer = this.ask().catch(() => 'no connection');
    const state = await Promise.race([answer, late]);
    clearTimeout(timer);
    return { name: 'database', state, optional: false };
  }

  private async ask(): Promise<string> {
    const client = await poolOf(this.dataSource).connect();
    try {
      const { rows } = await client.query<{ readonly: boolean }>(READ_ONLY);
      const readOnly = rows[0]?.readonly === true;
      // After a failover a new connection may reach a writable server.
      client.release(readOnly);
      return readOnly ? 'read-only' : 'ok';
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }
}
