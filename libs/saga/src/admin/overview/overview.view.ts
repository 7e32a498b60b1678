import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { HoldView } from '../holds/hold.view';
import { CompensatedByView } from './statistics.view';

export class SlowestStepView {
  @ApiProperty({ example: 'authorize' }) step!: string;
  @ApiProperty({ description: 'In milliseconds, within 5 %' }) p50!: number;
  @ApiProperty({ description: 'In milliseconds, within 5 %' }) p99!: number;
}

export class LastHourView {
  @ApiProperty() started!: number;
  @ApiProperty() completed!: number;
  @ApiProperty() compensated!: number;
  @ApiProperty({ description: 'How often a saga paused' }) paused!: number;
  @ApiPropertyOptional({ description: 'The median time of the sagas that ended, in milliseconds, within 5 %' })
  p50?: number;
  @ApiPropertyOptional({
    description: 'In milliseconds, within 5 %: 99 of 100 sagas that ended took no longer',
  })
  p99?: number;
  @ApiPropertyOptional({ type: SlowestStepView, description: 'The step with the highest p99; absent when none ended' })
  slowestStep?: SlowestStepView;
  @ApiProperty({ type: [CompensatedByView], description: 'The most frequent first' })
  compensatedBy!: CompensatedByView[];
}

export class OpenVersionView {
  @ApiProperty({ description: '0 for sagas whose definition was missing when they began' }) version!: number;
  @ApiProperty({ description: 'Whether this instance can run it' }) registered!: boolean;
  @ApiProperty({ description: 'How many of its sagas have not ended' }) open!: number;
}

export class DefinitionOverviewView {
  @ApiProperty({ example: 'place-order' }) definition!: string;
  @ApiProperty({ description: 'How many of its sagas have not ended, paused ones included' }) inFlight!: number;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When the oldest of them started, to the minute; absent when there is none',
  })
  oldestStartedAt?: string;
  @ApiProperty({ type: [OpenVersionView], description: 'The newest first' }) versions!: OpenVersionView[];
  @ApiProperty({ type: LastHourView }) lastHour!: LastHourView;
}

/** A member of the consumer group of a service. */
export class ServiceInstanceView {
  @ApiProperty({
    example: 'payment-7d9f-17',
    description: 'Its host and process; its member id in the consumer group when it does not report them',
  })
  instance!: string;
  @ApiPropertyOptional({ example: '1.8.0+a3f9c1', description: 'The `build` of its options' }) build?: string;
  @ApiProperty({ example: '10.0.3.7', description: 'From where it is connected to the broker' }) host!: string;
  @ApiProperty({ type: [Number], description: 'The partitions of its commands that it reads' }) partitions!: number[];
  @ApiProperty({ description: 'How many commands in these partitions it has not processed' }) lag!: number;
}

/** How long a command took from being sent to its reply, as sagas see it. */
export class SlowestHandlerView {
  @ApiProperty({ example: 'payment.authorize' }) command!: string;
  @ApiProperty({ description: 'In milliseconds, within 5 %' }) p50!: number;
  @ApiProperty({ description: 'In milliseconds, within 5 %' }) p99!: number;
}

/** A service that handles commands. */
export class ServiceOverviewView {
  @ApiProperty({ example: 'payment' }) service!: string;
  @ApiPropertyOptional({
    type: [ServiceInstanceView],
    description: 'Those that read commands now; absent when the broker did not say',
  })
  instances?: ServiceInstanceView[];
  @ApiPropertyOptional({ description: 'How many commands it has not processed; absent when the broker did not say' })
  lag?: number;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When any of its commands was answered last; absent when none was since the orchestrator started',
  })
  lastReplyAt?: string;
  @ApiPropertyOptional({
    type: SlowestHandlerView,
    description: 'Of its commands in the last hour the one with the highest p99; absent when none was answered',
  })
  slowestHandler?: SlowestHandlerView;
  @ApiProperty({ type: [HoldView], description: 'Holds in force on its commands' }) holds!: HoldView[];
}

export class RegisteredDefinitionView {
  @ApiProperty({ example: 'place-order' }) definition!: string;
  @ApiProperty() version!: number;
  @ApiProperty({
    example: '9f86d081884c7d65',
    description: 'Equal when two instances have the same definition; a digest of all that decides what its sagas do',
  })
  fingerprint!: string;
}

export class OrchestratorInstanceView {
  @ApiProperty({ format: 'uuid' }) instance!: string;
  @ApiProperty({ example: 'orchestrator-7d9f-17', description: 'Its host and process' }) name!: string;
  @ApiPropertyOptional({ example: '1.8.0+a3f9c1', description: 'The `build` of its options' }) build?: string;
  @ApiProperty({ format: 'date-time' }) startedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When it last reported' }) seenAt!: string;
  @ApiProperty({ type: [RegisteredDefinitionView] }) definitions!: RegisteredDefinitionView[];
}

export class OrchestratorOverviewView {
  @ApiProperty({ enum: ['ok', 'error'] }) status!: 'ok' | 'error';
  @ApiPropertyOptional({ description: 'Why sagas do not advance, by the instance that answers' }) problem?: string;
  @ApiPropertyOptional({
    description: 'How many messages, starts and replies, it has not processed; absent when the broker did not say',
  })
  lag?: number;
  @ApiProperty({ type: [OrchestratorInstanceView], description: 'Those that reported in the last minute' })
  instances!: OrchestratorInstanceView[];
}

export class BrokerOverviewView {
  @ApiProperty({ enum: ['up', 'down'] }) status!: 'up' | 'down';
  @ApiPropertyOptional({ description: 'Why it did not answer this request' }) problem?: string;
  @ApiProperty({ type: [String], example: ['kafka:9092'] }) brokers!: string[];
}

/** When the database is away, the request is answered 503. */
export class DatabaseOverviewView {
  @ApiProperty({ example: '17.2' }) version!: string;
  @ApiProperty({ description: 'How long it took to answer this request, in milliseconds' }) answeredInMs!: number;
  @ApiPropertyOptional({
    description: 'The median time of the last 50 commits of sagas, of the last minute, in milliseconds',
  })
  commitMs?: number;
}

export class IncidentTotalsView {
  @ApiProperty({ description: 'How many reasons there are' }) incidents!: number;
  @ApiProperty({ description: 'How many sagas stand' }) sagas!: number;
}

export class PendingView {
  @ApiProperty({ description: 'Counted up to 10 000' }) count!: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'Since when the oldest is; absent when there is none' })
  oldest?: string;
}

/** How everything is, in one answer. */
export class OverviewView {
  @ApiProperty({
    format: 'date-time',
    description: 'The time of the database; what sagas did is counted a few seconds later',
  })
  at!: string;
  @ApiProperty({ type: [DefinitionOverviewView], description: 'By name' }) definitions!: DefinitionOverviewView[];
  @ApiProperty({ type: [ServiceOverviewView], description: 'By name' }) services!: ServiceOverviewView[];
  @ApiProperty({ type: OrchestratorOverviewView }) orchestrator!: OrchestratorOverviewView;
  @ApiProperty({ type: BrokerOverviewView }) broker!: BrokerOverviewView;
  @ApiProperty({ type: DatabaseOverviewView }) database!: DatabaseOverviewView;
  @ApiProperty({ type: [HoldView], description: 'Holds in force' }) holds!: HoldView[];
  @ApiProperty({ description: 'Sagas that wait for holds in force; one that waits for several counts once' })
  heldSagas!: number;
  @ApiProperty({ type: IncidentTotalsView, description: 'Paused sagas' }) incidents!: IncidentTotalsView;
  @ApiProperty({ type: PendingView, description: 'Open dead letters' }) deadLetters!: PendingView;
  @ApiProperty({ type: PendingView, description: 'Commands that are saved and not acknowledged by the broker' })
  outbox!: PendingView;
  @ApiProperty({ type: PendingView, description: 'Sagas whose time to act has passed by more than 5 s' })
  overdueTimers!: PendingView;
}
