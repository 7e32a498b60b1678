export {
  migrationsIn,
  PipelinedClient,
  SAGA_TRANSPORT,
  sqlOf,
  type GroupProgress,
  type MemberProgress,
  type HealthIndication,
  type KafkaConnectionOptions,
  type KafkaOptions,
  type KafkaSasl,
  type PasswordMechanism,
  type MigrationSql,
  type PipelinedClientConfig,
  type SaslAwsKeys,
  type SaslCredentials,
  type SaslPassword,
  type TableLocation,
  type TableMigrationClass,
  type Transport,
} from '../messaging';
export { eventOf, onCommitted, subscriberOf, type DataSourceModuleExtras, type FormerTransaction } from '../handlers';
export { HandleEvent } from './handle-event';
export type { Lag } from './lag';
export { subscriberMigrations } from './migrations';
export { connectSubscriber, Subscriber, SubscriberModule } from './subscriber.module';
export type { SubscriberModuleExtras, SubscriberOptions } from './subscriber-options';
export type { PassedBy, UnhandledType } from './unknown-types';
