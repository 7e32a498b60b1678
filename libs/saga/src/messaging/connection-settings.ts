import type { PoolConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { PipelinedClient } from './pipelined-client';
import { poolOf } from './pool';
import { SESSION_SETTINGS, sessionOptions, splitUrl, type SessionSettings } from './session-settings';

/** How connections to the database are opened and monitored. */
export interface ConnectionSettings {
  /**
   * `transaction`: the database is reached through a pooler that gives each transaction another session, such as
   * PgBouncer in transaction mode. The library then neither sets nor keeps anything in a session.
   * @default 'none'
   */
  readonly pooler?: 'none' | 'transaction';
  /** Whether statements are prepared once per connection. @default true without a pooler */
  readonly preparedStatements?: boolean | undefined;
  /** How long opening a connection, or waiting for a free one of the pool, may take. @default 10000 */
  readonly connectTimeoutMs?: number;
  /** A connection that waits for an answer and receives nothing for this time is closed; 0 for never. @default 60000 */
  readonly queryTimeoutMs?: number;
  /** How long a connection may be idle before a TCP keepalive is sent. @default 10000 */
  readonly keepAliveMs?: number;
}

/**
 * The configuration for a pool of node-postgres, or for `extra` of a TypeORM DataSource: every connection is monitored
 * and has the settings that the library relies on. Given a DataSource, it is for a separate pool to the same server, as
 * the same role, with the same TLS settings.
 */
export function connectionConfig(
  database: string | DataSource,
  { pooler = 'none', preparedStatements, connectTimeoutMs, queryTimeoutMs, keepAliveMs }: ConnectionSettings = {},
  more: SessionSettings = {},
): PoolConfig {
  const { connectionString, options, ...given } =
    typeof database === 'string' ? { connectionString: database, options: undefined } : settingsOf(database);
  const direct = pooler === 'none';
  const session = direct ? [sessionOptions({ ...SESSION_SETTINGS, ...more }, connectionString), options] : [options];
  const startup = session.filter((each) => each !== undefined).join(' ');
  const watched = {
    Client: PipelinedClient,
    preparedStatements: preparedStatements ?? direct,
    silenceMs: queryTimeoutMs ?? 60_000,
    connectionTimeoutMillis: connectTimeoutMs ?? 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs ?? 10_000,
  };
  return {
    ...given,
    ...watched,
    ...(connectionString === undefined ? {} : { connectionString: splitUrl(connectionString).url }),
    ...(startup === '' ? {} : { options: startup }),
  };
}

/** With the password, which node-postgres hides when its options are spread. */
function settingsOf(dataSource: DataSource): PoolConfig {
  const { options } = poolOf(dataSource);
  return { ...options, ...('password' in options ? { password: options.password } : {}) };
}
