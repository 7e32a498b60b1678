import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { BulkActionView } from '../bulk-actions/bulk-action.view';
import { DeadLetterSummary } from '../dead-letters/dead-letter.view';
import { HoldView } from '../holds/hold.view';
import { IncidentView } from '../incidents/incident.view';
import { OperatorActionView } from '../operator-action.view';
import { SagaDetail, SagaSummary } from '../saga.view';
import { STREAM_EVENTS } from './stream-events';

/** The id of an event; not every event has one. */
class WithId {
  @ApiPropertyOptional({ description: 'The position after this event, for Last-Event-ID' }) id?: string;
}

export class SagaStreamEvent extends WithId {
  @ApiProperty({ enum: ['saga'] }) event!: 'saga';
  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(SagaSummary) }, { $ref: getSchemaPath(SagaDetail) }],
    description: 'The saga as it is now: as GET /v1/sagas shows it; with `saga` as GET /v1/sagas/:id does',
  })
  data!: SagaSummary | SagaDetail;
}

export class UnmatchedView {
  @ApiProperty({ type: [String], format: 'uuid' }) ids!: string[];
}

export class UnmatchedStreamEvent extends WithId {
  @ApiProperty({ enum: ['unmatched'] }) event!: 'unmatched';
  @ApiProperty({ type: UnmatchedView, description: 'Sagas that have changed and do not match the filters now' })
  data!: UnmatchedView;
}

export class IncidentChangeView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'How many sagas stand; 0 when it is over' }) count!: number;
  @ApiPropertyOptional({ type: IncidentView, description: 'Absent when it is over' }) incident?: IncidentView;
}

export class IncidentStreamEvent extends WithId {
  @ApiProperty({ enum: ['incident'] }) event!: 'incident';
  @ApiProperty({ type: IncidentChangeView, description: 'An incident of PAUSED sagas' }) data!: IncidentChangeView;
}

export class HoldStreamEvent extends WithId {
  @ApiProperty({ enum: ['hold'] }) event!: 'hold';
  @ApiProperty({ type: HoldView }) data!: HoldView;
}

export class DeadLetterStreamEvent extends WithId {
  @ApiProperty({ enum: ['dead-letter'] }) event!: 'dead-letter';
  @ApiProperty({ type: DeadLetterSummary }) data!: DeadLetterSummary;
}

export class BulkActionStreamEvent extends WithId {
  @ApiProperty({ enum: ['bulk-action'] }) event!: 'bulk-action';
  @ApiProperty({ type: BulkActionView }) data!: BulkActionView;
}

export class OperatorActionStreamEvent extends WithId {
  @ApiProperty({ enum: ['operator-action'] }) event!: 'operator-action';
  @ApiProperty({ type: OperatorActionView }) data!: OperatorActionView;
}

export class FaultChangeView {
  @ApiProperty({ format: 'uuid', description: 'Of the fault' }) id!: string;
}

export class FaultStreamEvent extends WithId {
  @ApiProperty({ enum: ['fault'] }) event!: 'fault';
  @ApiProperty({ type: FaultChangeView, description: 'In development: it was armed, changed or disarmed' })
  data!: FaultChangeView;
}

export class OverflowView {
  @ApiProperty({ enum: STREAM_EVENTS }) event!: string;
  @ApiProperty({ description: 'How many are not shown' }) count!: number;
}

export class OverflowStreamEvent extends WithId {
  @ApiProperty({ enum: ['overflow'] }) event!: 'overflow';
  @ApiProperty({ type: OverflowView, description: 'More has changed at once than is shown: load the list anew' })
  data!: OverflowView;
}

export class PingView {
  @ApiProperty({ format: 'date-time' }) at!: string;
}

export class PingStreamEvent extends WithId {
  @ApiProperty({ enum: ['ping'] }) event!: 'ping';
  @ApiProperty({ type: PingView, description: 'The first event, and every 15 s' }) data!: PingView;
}

export class ResetView {
  @ApiProperty({ enum: ['too-old', 'too-many-changes', 'unknown-position'] }) reason!: string;
  @ApiProperty() detail!: string;
}

export class ResetStreamEvent extends WithId {
  @ApiProperty({ enum: ['reset'] }) event!: 'reset';
  @ApiProperty({ type: ResetView, description: 'The changes since Last-Event-ID are not told: load everything anew' })
  data!: ResetView;
}

export class DroppedView {
  @ApiProperty({ enum: ['slow', 'stopping', 'aged'] }) reason!: string;
  @ApiProperty() detail!: string;
}

export class DroppedStreamEvent extends WithId {
  @ApiProperty({ enum: ['dropped'] }) event!: 'dropped';
  @ApiProperty({ type: DroppedView, description: 'The last event: reconnect with Last-Event-ID' }) data!: DroppedView;
}

const EVENTS = [
  SagaStreamEvent,
  UnmatchedStreamEvent,
  IncidentStreamEvent,
  HoldStreamEvent,
  DeadLetterStreamEvent,
  BulkActionStreamEvent,
  OperatorActionStreamEvent,
  FaultStreamEvent,
  OverflowStreamEvent,
  PingStreamEvent,
  ResetStreamEvent,
  DroppedStreamEvent,
];

/** Documents the stream: its events with their data, as `event` and `data` of the event stream. */
export function ApiStreamResponse(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(SagaSummary, SagaDetail, ...EVENTS),
    ApiOkResponse({
      description: 'The events; `data` is JSON',
      content: { 'text/event-stream': { schema: { oneOf: EVENTS.map((event) => ({ $ref: getSchemaPath(event) })) } } },
    }),
  );
}
