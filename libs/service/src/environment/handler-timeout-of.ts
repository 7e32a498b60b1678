import type { HandlerTimeout } from '@palinode/saga/participant';
import type { ServiceEnvironment } from './service-environment';

/** How long the service's handlers may take, for the modules of the library. */
export function handlerTimeoutOf({
  HANDLER_TIMEOUT_MS: ms,
}: Pick<ServiceEnvironment, 'HANDLER_TIMEOUT_MS'>): HandlerTimeout {
  return ms === 0 ? 'off' : `${ms}ms`;
}
