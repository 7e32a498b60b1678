import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Duration } from '../../definition';
import { INCIDENT_STATUSES, type IncidentStatus } from '../../incidents';
import { IsDuration } from '../duration-text';

const DEFAULT_LIMIT = 50;
/** The period of COMPENSATED sagas unless `since` says another: there may be any number of older ones. */
const COMPENSATED_WITHIN = '1d';

/** Filters of incidents. */
export class IncidentsQuery {
  @ApiPropertyOptional({
    enum: INCIDENT_STATUSES,
    isArray: true,
    default: ['PAUSED'],
    description: 'The status of the sagas; several are separated by commas',
  })
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value.split(',') : (value as unknown)))
  @IsArray()
  @IsIn(INCIDENT_STATUSES, { each: true })
  status: IncidentStatus[] = ['PAUSED'];

  @ApiPropertyOptional({
    type: String,
    example: '1h',
    description: `Only sagas that came to this status more recently than this; for COMPENSATED ${COMPENSATED_WITHIN} by default, otherwise all`,
  })
  @IsOptional()
  @IsDuration()
  since?: Duration;

  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: DEFAULT_LIMIT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = DEFAULT_LIMIT;
}

/** The period in which the sagas of these incidents came to their status; undefined when it has no beginning. */
export function periodOf(status: IncidentStatus, since: Duration | undefined): Duration | undefined {
  return since ?? (status === 'COMPENSATED' ? COMPENSATED_WITHIN : undefined);
}
