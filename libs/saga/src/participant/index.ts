export {
  assertSession,
  BEGIN,
  BROKER_ADDRESS,
  connectionConfig,
  createKafka,
  explainRefusal,
  isDatabaseAway,
  PipelinedClient,
  surviveBrokenConnections,
  untilDatabaseAnswers,
  withTimeout,
  type ConnectionSettings,
} from '../messaging';
export { EventTail, type Listener } from './event-tail';
export { Events } from './events';
export { HandleCommand, type HandleCommandOptions } from './handle-command';
export { commandOf, idempotencyKeyOf, onCommitted, signalOf } from './handler-context';
export { HandlerTimeoutError, type HandlerTimeout } from './handler-timeout';
export { participantMigrations } from './migrations';
export {
  connectParticipant,
  ParticipantHealth,
  ParticipantModule,
  type ParticipantOptions,
} from './participant-module';
export { poolOf } from './pool';
export { prepared } from './prepared';
export { renewPartitions, type RetentionOptions } from './retention';
export { Sagas } from './sagas';
export { once, UnusableResultError } from './third-party-calls';
