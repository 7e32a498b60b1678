import type { Params } from 'nestjs-pino';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceEnvironment } from './environment/service-environment';

/**
 * Logs one JSON line per event, with the service's name. Successful requests are logged at level debug; so are requests with
 * 429, because there may be thousands and the admission reports their number.
 */
export function logOptions(service: string, { LOG_LEVEL }: Pick<ServiceEnvironment, 'LOG_LEVEL'>): Params {
  return {
    pinoHttp: {
      level: LOG_LEVEL,
      base: { service },
      customLogLevel: (_request: IncomingMessage, { statusCode }: ServerResponse, error?: Error) =>
        error || statusCode >= 500 ? 'error' : statusCode >= 400 && statusCode !== 429 ? 'info' : 'debug',
      // Headers and bodies are not logged, because they carry tokens.
      serializers: {
        req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({ id, method, url }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    },
  };
}
