import type { ConnectionOptions } from 'node:tls';
import type { PoolConfig } from 'pg';
import { parse } from 'pg-connection-string';
import type { DataSource } from 'typeorm';
import { PipelinedClient } from './pipelined-client';
import { poolOf } from './pool';
import { SESSION_SETTINGS, sessionOptions, type SessionSettings } from './session-settings';

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
   * The password of the role, instead of one in the URL. A function is called for every new connection, so that a changed
   * password needs no restart.
   */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** TLS, instead of `sslmode` and others in the URL. */
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
  const { connectionString, options, ...given } =
    typeof database === 'string' ? { connectionString: database, options: undefined } : settingsOf(database);
  const { options: ofUrl, ...place } =
    connectionString === undefined ? { options: undefined } : parse(connectionString);
  const {
    pooler = 'none',
    preparedStatements,
    connectTimeoutMs,
    queryTimeoutMs,
    keepAliveMs,
    password,
    ssl,
  } = settings;
  const direct = pooler === 'none';
  // Those of the URL come later, and win.
  const session = direct ? [sessionOptions({ ...SESSION_SETTINGS, ...more }), ofUrl?.trim(), options] : [options];
  // Without a trailing space, which PgBouncer rejects.
  const startup = session.filter(Boolean).join(' ');
  return {
    ...given,
    ...(place as PoolConfig),
    // node-postgres would take everything from the URL, also a password that the URL does not have.
    connectionString: undefined,
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl }),
    Client: PipelinedClient,
    preparedStatements: preparedStatements ?? direct,
    silenceMs: queryTimeoutMs ?? 60_000,
    connectionTimeoutMillis: connectTimeoutMs ?? 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs ?? 10_000,
    ...(startup === '' ? {} : { options: startup }),
  } as PoolConfig;
}

/** With the password, which node-postgres hides when its options are spread. */
function settingsOf(dataSource: DataSource): PoolConfig {
  const { options } = poolOf(dataSource);
  return { ...options, ...('password' in options ? { password: options.password } : {}) };
}
