import type { ConnectionSettings } from '@palinode/saga/participant';
import type { ServiceEnvironment } from './service-environment';

/** What of the environment concerns the database; what is left out has its default. */
export type DatabaseEnvironment = Pick<ServiceEnvironment, 'DATABASE_URL' | 'DATABASE_CONNECTIONS'> &
  Partial<
    Pick<
      ServiceEnvironment,
      `DATABASE_${'POOLER' | 'PREPARED_STATEMENTS' | `${'CONNECT' | 'QUERY'}_TIMEOUT_MS` | 'KEEPALIVE_MS'}`
    >
  >;

/** How the service's connections to its database are opened and watched, for the modules of the library. */
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
