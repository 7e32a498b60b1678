export {
  migrationsIn,
  PipelinedClient,
  SAGA_TRANSPORT,
  type HealthIndication,
  type KafkaOptions,
  type Migration,
  type PipelinedClientConfig,
  type Transport,
} from '../messaging';
export { eventOf, onCommitted, subscriberOf, type FormerTransaction } from '../handlers';
export { HandleEvent } from './handle-event';
export type { Lag } from './lag';
export { subscriberMigrations } from './migrations';
export { connectSubscriber, Subscriber, SubscriberModule } from './subscriber.module';
export type { SubscriberModuleExtras, SubscriberOptions } from './subscriber-options';
export type { PassedBy, UnhandledType } from './unknown-types';
