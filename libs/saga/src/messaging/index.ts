export { Acknowledged } from './acknowledged';
export { ADVISORY_LOCK_SEEDS, ADVISORY_LOCKS } from './advisory-locks';
export { byteaArray, float8Array, intArray, textArray, uuidArray } from './array-column';
export { waitForWalFlush } from './wait-for-wal-flush';
export { Batcher } from './batcher';
export { surviveBrokenConnections } from './broken-connections';
export { connectionConfig, type ConnectionSettings } from './connection-settings';
export { isDatabaseAway, isDatabaseOutage, isSessionTimeout, isTransactionConflict, sqlStateOf } from './database-away';
export { checkDatabase, explainRefusal, type NeededTables } from './database-check';
export { deadLetter, originalHeaders, deadLetterLine, printable, type OriginalHeader } from './dead-letter';
export { EVENT_OUTBOX_TABLE, eventColumns, INSERT_EVENTS, type EventRow } from './event-outbox';
export { EventRelay } from './event-relay';
export { eventRow } from './event-row';
export { BROKER_ADDRESS } from './kafka/broker-addresses';
export { createKafka } from './kafka/kafka-client';
export { KafkaOffsets, type TopicOffsets } from './kafka/kafka-offsets';
export { KafkaTransport, TransportClosedError, type KafkaOptions } from './kafka/kafka-transport';
export {
  HISTORY_RECORDER,
  hookContext,
  HOOKS,
  type HistoryNote,
  type HistoryRecorder,
  type HookContext,
  type Hooks,
} from './hooks';
export { indicate, type HealthIndication } from './health-indicator';
export type { Log } from './logger';
export { envelopeMessage, INSERT_OUTBOX, OUTBOX_TABLE, type OutboxRow } from './outbox';
export { newId } from './new-id';
export { readDeadLetter, type ReceivedDeadLetter } from './received-dead-letter';
export { sleep } from './sleep';
export { requestCancel } from './cancel-request';
export { backoff } from './sleep';
export { PipelinedClient } from './pipelined-client';
export { poolOf } from './pool';
export { RecurringTask } from './recurring-task';
export { queueStatements } from './queued-statements';
export { Relay } from './relay';
export { requireAtLeast } from './required';
export { RESEND_AFTER_MS, Resender } from './resender';
export { assertSchema, migrationsIn } from './schema';
export { assertSession, differingSettings, SESSION_SETTINGS, type SessionSettings } from './session-settings';
export { timeOf, type Sql } from './sql';
export { Sweeper } from './sweeper';
export { BEGIN, inTransaction } from './transaction';
export { untilDatabaseAnswers } from './until-database-answers';
export { keepUnacknowledged, UNACKNOWLEDGED_BY_TIME, UNACKNOWLEDGED_TABLE } from './unacknowledged';
export { withTimeout } from './with-timeout';
export { SAGA_TRANSPORT } from './transport';
export type {
  Headers,
  IncomingMessage,
  OutgoingMessage,
  Place,
  SubscribeOptions,
  Subscription,
  Transport,
} from './transport';
