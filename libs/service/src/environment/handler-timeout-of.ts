import type { HandlerTimeout } from '@palinode/saga/participant';
import type { ServiceEnvironment } from './service-environment';

/** The handler timeout for the library's modules. */
export function handlerTimeoutOf({
  HANDLER_TIMEOUT_MS: ms,
}: Pick<ServiceEnvironment, 'HANDLER_TIMEOUT_MS'>): HandlerTimeout {
  return ms === 0 ? 'off' : `${ms}ms`;
}
