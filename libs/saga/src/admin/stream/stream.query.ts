import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsArray, IsIn, IsOptional, IsString } from 'class-validator';
import { IsId } from '../../contract';
import { SagaCriteria } from '../saga-list.query';
import { STREAM_EVENTS, type StreamEvent } from './stream-events';

const OTHERS: ReadonlySet<string> = new Set<keyof StreamQuery>(['saga', 'events']);

/** What a client wants to be told: everything, one saga, or the sagas that match filters. */
export class StreamQuery extends SagaCriteria {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only this saga, with its dead letters and operator actions' })
  @IsOptional()
  @IsId()
  saga?: string;

  @ApiPropertyOptional({
    enum: STREAM_EVENTS,
    isArray: true,
    default: [...STREAM_EVENTS],
    description: 'Only these events; several are separated by commas',
  })
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value.split(',') : (value as unknown)))
  @IsArray()
  @IsIn(STREAM_EVENTS, { each: true })
  events: StreamEvent[] = [...STREAM_EVENTS];
}

/** What a client wants to be told, and where it begins. */
export class StreamRequest extends StreamQuery {
  @ApiPropertyOptional({
    description:
      'Begins after the event with this id, for a client that cannot set Last-Event-ID; the header counts more',
  })
  @IsOptional()
  @IsString()
  lastEventId?: string;
}

/** The filters of sagas that were given. */
export function filterIn(query: StreamQuery): SagaCriteria {
  const given = Object.entries(query).filter(([name, value]) => !OTHERS.has(name) && value !== undefined);
  return Object.fromEntries(given);
}
