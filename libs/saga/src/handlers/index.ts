export { callHandler, type NestHandler } from './call-handler';
export { connectServer, markHandler, type HandlerServer } from './connect-server';
export { dataSourceModule, type DataSourceModuleExtras } from './data-source-module';
export {
  commandOf,
  contextOf,
  contextOn,
  eventOf,
  idempotencyKeyOf,
  onCommitted,
  openContext,
  signalOf,
  subscriberOf,
} from './handler-context';
export type { AnyMethod, NameOf, Takes } from './handler-method';
export { currentTransaction, type FormerTransaction, type HandlerTransaction } from './handler-transaction';
export { OriginalErrorInterceptor } from './original-error.interceptor';
