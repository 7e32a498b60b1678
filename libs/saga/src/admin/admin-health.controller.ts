import { Get, HttpCode, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Orchestrator } from '../orchestrator';
import { OpenToAll } from './access';
import { AdminController } from './admin.controller';

export class OrchestratorStatus {
  @ApiProperty({ enum: ['up', 'down'] }) status!: 'up' | 'down';
  @ApiProperty({ required: false, description: 'What is wrong' }) message?: string;
}

export class DatabaseStatus {
  @ApiProperty({
    required: false,
    description: 'The median time of its commits in the last minute, in milliseconds; absent when nothing was saved',
  })
  commitMs?: number;
}

export class HealthView {
  @ApiProperty({ enum: ['ok', 'error'] }) status!: 'ok' | 'error';
  @ApiProperty({ type: OrchestratorStatus }) orchestrator!: OrchestratorStatus;
  @ApiProperty({ type: DatabaseStatus }) database!: DatabaseStatus;
}

@ApiTags('health')
@AdminController('health')
@OpenToAll()
export class AdminHealthController {
  constructor(private readonly orchestrator: Orchestrator) {}

  @Get()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Whether sagas advance, and what prevents it' })
  @ApiOkResponse({ type: HealthView })
  @ApiResponse({ status: 503, type: HealthView, description: 'Sagas do not advance' })
  health(@Res({ passthrough: true }) response: Response): HealthView {
    const { orchestrator } = this.orchestrator.isHealthy('orchestrator');
    if (orchestrator.status === 'down') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    const { commitMs } = this.orchestrator;
    return {
      status: orchestrator.status === 'up' ? 'ok' : 'error',
      orchestrator,
      database: commitMs === undefined ? {} : { commitMs: Math.round(commitMs) },
    };
  }
}
