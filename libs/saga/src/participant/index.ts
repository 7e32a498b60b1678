export {
  ADVISORY_LOCKS,
  assertSession,
  BEGIN,
  BROKER_ADDRESS,
  connectionConfig,
  createKafka,
  explainRefusal,
  INSTANCE_NAME,
  isDatabaseAway,
  migrationsIn,
  sqlOf,
  PipelinedClient,
  poolOf,
  SAGA_TRANSPORT,
  surviveBrokenConnections,
  untilDatabaseAnswers,
  withTimeout,
  type ConnectionSettings,
  type GroupProgress,
  type MemberProgress,
  type HealthIndication,
  type KafkaConnectionOptions,
  type KafkaOptions,
  type KafkaSasl,
  type PasswordMechanism,
  type Log,
  type MigrationSql,
  type PipelinedClientConfig,
  type SaslAwsKeys,
  type SaslCredentials,
  type SaslPassword,
  type SessionSettings,
  type Sql,
  type TableLocation,
  type TableMigrationClass,
  type Transport,
} from '../messaging';
export { CommandContext } from './command-context';
export { BroadcastSubscription, type Listener } from './broadcast-subscription';
export { Events } from './events';
export { HandleCommand, type HandleCommandOptions } from './handle-command';
export {
  commandOf,
  idempotencyKeyOf,
  onCommitted,
  signalOf,
  type DataSourceModuleExtras,
  type FormerTransaction,
  type HandlerTransaction,
} from '../handlers';
export { type HandlerTimeout, HandlerTimeoutError } from './handler-watch';
export { participantMigrations } from './migrations';
export { connectParticipant, ParticipantHealth, ParticipantModule } from './participant.module';
export type { ParticipantModuleExtras, ParticipantOptions } from './participant-options';
export { prepared } from './prepared';
export type { RetentionOptions } from './retention';
export { Sagas, type StartOptions } from './sagas';
export { once, UnusableResultError } from './third-party-calls';
