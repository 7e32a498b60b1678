/*
 * The settings that this library relies on in a PostgreSQL session. The defaults of a server, database or role may be
 * anything, so they are set for each connection in its startup packet, which costs nothing. A pooler that shares
 * sessions, such as PgBouncer in transaction mode, does not allow that; then the role must have them, and the start
 * checks it.
 */
import { ConfigurationError } from '../contract';
import type { Sql } from './sql';

/** Settings of a PostgreSQL session, by name. */
export type SessionSettings = Readonly<Record<string, string>>;

export const SESSION_SETTINGS: SessionSettings = {
  // A duplicate that waits for the first must see what that has committed; under "serializable" it fails instead.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // node-postgres parses no other form of dates, intervals and bytes.
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // Duplicates wait for one another. The query timeout of the connection ends a wait that takes too long.
  lock_timeout: '0',
  statement_timeout: '0',
  // Commits wait for the disk by default; a transaction that need not wait says so itself.
  synchronous_commit: 'on',
};

/** The settings as the `options` parameter of a connection. */
export function sessionOptions(settings: SessionSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\\s]/g, String.raw`\$&`)}`)
    .join(' ');
}

/** The `options` in the URL of a database. */
export function optionsIn(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).searchParams.get('options')?.trim();
}

/**
 * Checks that the session has the settings that this library relies on.
 *
 * @throws ConfigurationError with the remedy, when a default of the role or an option of the URL has changed one
 */
export async function assertSession(sql: Sql): Promise<void> {
  const wrong = await differingSettings(sql, SESSION_SETTINGS);
  if (wrong.length === 0) return;
  const remedies = wrong.map(([name, value]) => `ALTER ROLE CURRENT_USER SET ${name} = '${value}'`);
  throw new ConfigurationError(
    `The database session lacks settings that this service needs. Run as its role, then start again: ${remedies.join('; ')}.`,
  );
}

/** The settings that differ in this session. */
export async function differingSettings(sql: Sql, wanted: SessionSettings): Promise<[name: string, value: string][]> {
  const { rows } = await sql.query({
    text: 'SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY ($1::text[])',
    values: [Object.keys(wanted)],
  });
  const found = new Map((rows as { name: string; value: string }[]).map(({ name, value }) => [name, value]));
  return Object.entries(wanted).filter(([name, value]) => !isSufficient(name, value, found.get(name) ?? value));
}

function isSufficient(name: string, wanted: string, found: string): boolean {
  if (name === 'DateStyle') return found.startsWith(wanted);
  // A commit that also waits for replicas is at least as good.
  if (name === 'synchronous_commit') return found !== 'off';
  // Only lower values matter: the others print as much, or yield the same instants.
  if (name === 'extra_float_digits') return Number(found) >= 1;
  return found === wanted;
}
