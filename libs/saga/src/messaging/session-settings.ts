/*
 * What this library relies on in a session of PostgreSQL. Defaults of a server, a database or a role may be anything: they
 * are set for each connection, by its startup packet, which costs nothing. Behind a pooler that hands the server's sessions
 * around, such as PgBouncer in transaction mode, nobody may set them so; then the role has to, and the start looks.
 */
import { ConfigurationError } from '../contract';
import type { Sql } from './sql';

export type SessionSettings = Readonly<Record<string, string>>;

export const SESSION_SETTINGS: SessionSettings = {
  // A duplicate that waits for the first sees what it has committed; under "serializable" it fails instead.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // node-postgres reads no other form of dates, intervals and bytes.
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // Duplicates wait for one another. What waits for too long is ended by the query timeout of the connection.
  lock_timeout: '0',
  statement_timeout: '0',
  // What must be on the disk is written by a commit that waits; what need not says so itself.
  synchronous_commit: 'on',
};

/** For the parameter `options` of a connection, with those that the URL of the database asks for, which win. */
export function sessionOptions(settings: SessionSettings, url?: string): string {
  const set = Object.entries(settings).map(
    ([name, value]) => `-c ${name}=${value.replaceAll(/[\\\s]/g, String.raw`\$&`)}`,
  );
  const asked = url === undefined ? undefined : splitUrl(url).options;
  // Without a blank at the end, which PgBouncer refuses.
  return [...set, ...(asked ? [asked] : [])].join(' ').trim();
}

/** The URL without its `options`, which node-postgres would take in place of those it is given. */
export function splitUrl(text: string): { readonly url: string; readonly options: string | undefined } {
  if (!URL.canParse(text)) return { url: text, options: undefined };
  const url = new URL(text);
  const options = url.searchParams.get('options')?.trim() ?? undefined;
  if (options === undefined) return { url: text, options };
  url.searchParams.delete('options');
  return { url: url.href, options };
}

/**
 * Throws unless the session is as this library relies on, naming the remedy.
 *
 * @throws ConfigurationError for a session that another default of the role, or an option of the URL, has changed.
 */
export async function assertSession(sql: Sql): Promise<void> {
  const wrong = await differingSettings(sql, SESSION_SETTINGS);
  if (wrong.length === 0) return;
  const remedies = wrong.map(([name, value]) => `ALTER ROLE CURRENT_USER SET ${name} = '${value}'`);
  throw new ConfigurationError(
    `The session of the database is not as this service needs it. Run as its role, then start again: ${remedies.join('; ')}.`,
  );
}

/** Those of the settings that this session has otherwise. */
export async function differingSettings(sql: Sql, wanted: SessionSettings): Promise<[name: string, value: string][]> {
  const { rows } = await sql.query({
    text: 'SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY ($1::text[])',
    values: [Object.keys(wanted)],
  });
  const found = new Map((rows as { name: string; value: string }[]).map(({ name, value }) => [name, value]));
  return Object.entries(wanted).filter(([name, value]) => !suits(name, value, found.get(name) ?? value));
}

function suits(name: string, wanted: string, found: string): boolean {
  if (name === 'DateStyle') return found.startsWith(wanted);
  // A commit that waits for replicas as well is as good.
  if (name === 'synchronous_commit') return found !== 'off';
  // Only what serves less than is needed matters: the other values print as much, or give the same instants.
  if (name === 'extra_float_digits') return Number(found) >= 1;
  return found === wanted;
}
