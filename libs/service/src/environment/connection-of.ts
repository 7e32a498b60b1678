import type { ConnectionSettings } from '@palinode/saga/participant';
import type { ServiceEnvironment } from './service-environment';

/** The database settings of the environment, with defaults. */
export type DatabaseEnvironment = Pick<ServiceEnvironment, 'DATABASE_URL' | 'DATABASE_CONNECTIONS'> &
  Partial<
    Pick<
      ServiceEnvironment,
      `DATABASE_${'POOLER' | 'PREPARED_STATEMENTS' | `${'CONNECT' | 'QUERY'}_TIMEOUT_MS` | 'KEEPALIVE_MS'}`
    >
  >;

/** The connection options for the library's modules. */
export function connectionOf(environment: Partial<DatabaseEnvironment>): ConnectionSettings {
  const prepared = environment.DATABASE_PREPARED_STATEMENTS;
  return {
    pooler: environment.DATABASE_POOLER === 'transaction' ? 'transaction' : 'none',
    preparedStatements: prepared === undefined ? undefined : prepared === 'on',
    connectTimeoutMs: environment.DATABASE_CONNECT_TIMEOUT_MS ?? 10_000,
    queryTimeoutMs: environment.DATABASE_QUERY_TIMEOUT_MS ?? 60_000,
    keepAliveMs: environment.DATABASE_KEEPALIVE_MS ?? 10_000,
  };
}
