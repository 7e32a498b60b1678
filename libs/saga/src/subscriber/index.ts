export { PipelinedClient } from '../messaging';
export { eventOf, onCommitted, subscriberOf } from '../participant/handler-context';
export { HandleEvent } from './handle-event';
export type { Lag } from './lag';
export { subscriberMigrations } from './migrations';
export { connectSubscriber, Subscriber, SubscriberModule, type SubscriberOptions } from './subscriber-module';
export type { PassedBy } from './unknown-types';
