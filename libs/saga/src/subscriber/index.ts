export {
  migrationsIn,
  PipelinedClient,
  SAGA_TRANSPORT,
  sqlOf,
  type GroupProgress,
  type KafkaConnectionOptions,
  type KafkaOptions,
  type KafkaSasl,
  type SaslAwsKeys,
  type SaslCredentials,
  type SaslPassword,
  type MigrationSql,
  type TableLocation,
  type Transport,
} from '../messaging';
export { eventOf, onCommitted, subscriberOf, type DataSourceModuleExtras } from '../handlers';
export { HandleEvent } from './handle-event';
export type { Lag } from './lag';
export { subscriberMigrations } from './migrations';
export { connectSubscriber, Subscriber, SubscriberModule } from './subscriber.module';
export type { SubscriberModuleExtras, SubscriberOptions } from './subscriber-options';
export type { PassedBy } from './unknown-types';
