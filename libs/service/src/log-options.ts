import type { Params } from 'nestjs-pino';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceEnvironment } from './environment/service-environment';

/**
 * One JSON line an event, with the service's name. A request that went well is worth a line only when debugging; so is one
 * that was turned away (429), since there may be thousands: whoever turns them away tells how many.
 */
export function logOptions(service: string, { LOG_LEVEL }: Pick<ServiceEnvironment, 'LOG_LEVEL'>): Params {
  return {
    pinoHttp: {
      level: LOG_LEVEL,
      base: { service },
      customLogLevel: (_request: IncomingMessage, { statusCode }: ServerResponse, error?: Error) =>
        error || statusCode >= 500 ? 'error' : statusCode >= 400 && statusCode !== 429 ? 'info' : 'debug',
      // Headers and bodies stay out of the log: they carry tokens.
      serializers: {
        req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({ id, method, url }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    },
  };
}
