import type { ConnectionOptions } from 'node:tls';
import type { PoolConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { PipelinedClient } from './pipelined-client';
import { poolOf } from './pool';
import { optionsIn, SESSION_SETTINGS, sessionOptions, type SessionSettings } from './session-settings';

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
  /**
   * The password of the role; it wins over one in the URL. A function is called for every new connection, so that a
   * changed password needs no restart.
   */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** TLS; it wins over `sslmode` and others in the URL, whose files are read for every new connection. */
  readonly ssl?: boolean | ConnectionOptions | undefined;
}

/**
 * The configuration for a pool of node-postgres, or for `extra` of a TypeORM DataSource: every connection is monitored
 * and has the settings that the library relies on. Given a DataSource, it is for a separate pool to the same server, as
 * the same role, with the same TLS settings.
 */
export function connectionConfig(
  database: string | DataSource,
  settings: ConnectionSettings = {},
  more: SessionSettings = {},
): PoolConfig {
  const { options, ...given }: PoolConfig =
    typeof database === 'string' ? { connectionString: database } : settingsOf(database);
  const { pooler = 'none', preparedStatements, connectTimeoutMs, queryTimeoutMs, keepAliveMs } = settings;
  const { password = given.password, ssl = given.ssl } = settings;
  const direct = pooler === 'none';
  // Of two values for one setting the later wins: that of the URL.
  const all = [sessionOptions({ ...SESSION_SETTINGS, ...more }), optionsIn(given.connectionString), options];
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
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl }),
    // Without a trailing space, which PgBouncer rejects.
    options: (direct ? all : [options]).filter(Boolean).join(' '),
  };
}

/** With the password, which node-postgres hides when its options are spread. */
function settingsOf(dataSource: DataSource): PoolConfig {
  const { options } = poolOf(dataSource);
  return { ...options, ...('password' in options ? { password: options.password } : {}) };
}
