import type { IncomingMessage, ServerResponse } from 'node:http';
import { INSTANCE_NAME } from '@palinode/saga/participant';
import type { Params } from 'nestjs-pino';
import type { ServiceEnvironment } from './environment/service-environment';

/** Load balancers and orchestrators of containers ask these every few seconds; each part logs its own problem. */
const PROBES = /^\/(livez|readyz|consumers|v1\/health)\/?(\?|$)/;

/**
 * Logs one JSON line per event, with the service's name and its instance. Successful requests are logged at level debug;
 * so are requests with 429, because there may be thousands and the admission reports their number, and probes.
 */
export function logOptions(service: string, { LOG_LEVEL }: Pick<ServiceEnvironment, 'LOG_LEVEL'>): Params {
  return {
    pinoHttp: {
      level: LOG_LEVEL,
      base: { service, instance: INSTANCE_NAME },
      customLogLevel: ({ url = '' }: IncomingMessage, { statusCode }: ServerResponse, error?: Error) => {
        if (PROBES.test(url)) return 'debug';
        return error || statusCode >= 500 ? 'error' : statusCode >= 400 && statusCode !== 429 ? 'info' : 'debug';
      },
      // Headers and bodies are not logged, because they carry tokens.
      serializers: {
        req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({ id, method, url }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
      hooks: {
        // Nest's loggers take the fields of a line after its text, and pino takes them before.
        logMethod([first, ...rest], method) {
          const [text, fields] = rest as unknown[];
          if (rest.length !== 2 || typeof text !== 'string' || !isFields(fields))
            return method.apply(this, [first, ...rest]);
          return method.apply(this, [{ ...Object(first), ...fields }, text]);
        },
      },
    },
  };
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Error);
}
