export { migrationsIn, PipelinedClient, SAGA_TRANSPORT, type GroupProgress, type Transport } from '../messaging';
export { eventOf, onCommitted, subscriberOf } from '../handlers';
export { HandleEvent } from './handle-event';
export type { Lag } from './lag';
export { subscriberMigrations } from './migrations';
export { connectSubscriber, Subscriber, SubscriberModule } from './subscriber.module';
export type { SubscriberModuleExtras, SubscriberOptions } from './subscriber-options';
export type { PassedBy } from './unknown-types';
