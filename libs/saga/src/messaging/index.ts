export { ADVISORY_LOCK_SEEDS, ADVISORY_LOCKS } from './advisory-locks';
export { byteaArray, float8Array, intArray, textArray, uuidArray } from './array-column';
export { Batcher } from './batcher';
export { connectionConfig, type ConnectionSettings } from './connection-settings';
export {
  isDatabaseAway,
  isDatabaseOutage,
  isSessionTimeout,
  isTransactionConflict,
  sqlStateOf,
  untilDatabaseAnswers,
} from './database-away';
export { checkDatabase, explainRefusal, type NeededTables } from './database-check';
export { deadLetter, logDeadLetter, originalHeaders, printable, type OriginalHeader } from './dead-letter';
export { createEventOutboxTable, eventColumns, EventOutbox, type EventRow } from './event-outbox';
export { EventRelay } from './event-relay';
export { eventRow } from './event-row';
export { BROKER_ADDRESS, namingBrokers } from './kafka/broker-addresses';
export { isBrokerAway } from './kafka/error-type';
export { createKafka } from './kafka/kafka-client';
export type { KafkaConnectionOptions } from './kafka/kafka-connection';
export { KafkaOffsets, type TopicOffsets } from './kafka/kafka-offsets';
export { KafkaTransport, TransportClosedError, type KafkaOptions } from './kafka/kafka-transport';
export type { KafkaSasl, PasswordMechanism, SaslAwsKeys, SaslCredentials, SaslPassword } from './kafka/sasl';
export {
  HISTORY_RECORDER,
  HOOK_OPERATORS,
  hookContext,
  HOOKS,
  INTERFERENCE_FINDER,
  type ExposedCommand,
  type HistoryNote,
  type HistoryRecorder,
  type HookChange,
  type HookContext,
  type HookOperators,
  type Hooks,
  type Interference,
  type InterferenceFinder,
  type RecordHookChange,
} from './hooks';
export { indicate, type HealthIndication } from './health-indicator';
export { definedFields, type Log, type LogFields } from './logger';
export {
  Acknowledged,
  createOutboxTable,
  createUnacknowledgedTable,
  envelopeMessage,
  Outbox,
  type OutboxRow,
} from './outbox';
export { contextFields, messageFields, outgoingFields } from './message-fields';
export { INSTANCE_NAME } from './instance-name';
export { newId } from './new-id';
export { readDeadLetter, type ReceivedDeadLetter } from './received-dead-letter';
export { sleep } from './sleep';
export { requestCancel } from './cancel-request';
export { backoff } from './sleep';
export { PipelinedClient, type PipelinedClientConfig } from './pipelined-client';
export { poolOf, queueStatements, surviveBrokenConnections } from './pool';
export { RecurringTask } from './recurring-task';
export { Relay, RESEND_AFTER_MS, Resender, Sweeper } from './relay';
export { requireAtLeast } from './required';
export {
  hasColumns,
  migrationsIn,
  sqlOf,
  TableMigration,
  type MigrationSql,
  type TableMigrationClass,
} from './table-migration';
export { TABLES, tablesIn, type TableLocation, type TableName, type Tables } from './tables';
export { assertSession, differingSettings, SESSION_SETTINGS, type SessionSettings } from './session-settings';
export { BEGIN, inTransaction, millis, type Sql, timeOf, waitForWalFlush } from './sql';
export { SummedLog, type NamedLine, type Schedule } from './summed-log';
export { withTimeout } from './with-timeout';
export { SAGA_TRANSPORT } from './transport';
export type {
  Headers,
  HeaderValue,
  IncomingMessage,
  OutgoingMessage,
  Place,
  SubscribeOptions,
  Subscription,
  GroupProgress,
  MemberProgress,
  Transport,
} from './transport';
