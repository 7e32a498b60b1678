/*
 * What a start checks of the connections of a pool that the application has configured. A pooler in transaction mode gives
 * each transaction another session: statements that one session has prepared are unknown in the next, unless the pooler
 * keeps them (PgBouncer 1.21 and later with max_prepared_statements). That would be found out by commands that fail at
 * random, so the start tries it.
 */
import type { Pool, PoolClient } from 'pg';
import { ConfigurationError } from '../contract';
import { sqlStateOf } from './database-away';
import type { Log } from './logger';
import { PipelinedClient } from './pipelined-client';
import { differingSettings } from './session-settings';

/** Commits that do not wait for the disk could lose what was already answered. */
const REQUIRED = { synchronous_commit: 'on' };
/** They end statements of the library that wait for other instances. */
const UNLIMITED = { statement_timeout: '0', lock_timeout: '0' };
const UNKNOWN_STATEMENT = '26000';
/** A pooler in transaction mode usually gives the session that was used last to the next client. */
const TRIES = 3;

/** @throws ConfigurationError with the remedy, when the library cannot work with the connections of this pool */
export async function assertConnections(pool: Pool, log: Log): Promise<void> {
  await assertSettings(pool, log);
  await assertPreparedStatements(pool);
}

async function assertSettings(pool: Pool, log: Log): Promise<void> {
  const remediesOf = async (wanted: Readonly<Record<string, string>>): Promise<string> =>
    (await differingSettings(pool, wanted))
      .map(([name, value]) => `ALTER ROLE CURRENT_USER SET ${name} = '${value}'`)
      .join('; ');
  const required = await remediesOf(REQUIRED);
  if (required !== '')
    throw new ConfigurationError(
      `The database acknowledges commits before they are on disk, so a crash would lose what was answered. Run as the ` +
        `role of this service: ${required}; or give its DataSource \`extra: connectionConfig(url)\`.`,
    );
  const limited = await remediesOf(UNLIMITED);
  if (limited !== '')
    log.warn(
      `The database ends statements after a time, also those that wait for another instance; their commands are tried ` +
        `again. To prevent that, run as the role of this service: ${limited}; or give its DataSource ` +
        '`extra: connectionConfig(url)`.',
    );
}

async function assertPreparedStatements(pool: Pool): Promise<void> {
  const client = await pool.connect();
  const others: PoolClient[] = [];
  let failure: Error | undefined;
  try {
    if ((client instanceof PipelinedClient && !client.preparesStatements) || !(await isPooled(client))) return;
    const session = await sessionOf(client);
    // Others take the session, so that the client gets another one for its next transaction.
    for (let tries = 0; tries < TRIES && (await sessionOf(client)) === session; tries += 1) {
      const other = await pool.connect();
      others.push(other);
      await other.query('BEGIN; SELECT 1');
    }
  } catch (error) {
    failure = error as Error;
    throw sqlStateOf(error) === UNKNOWN_STATEMENT ? notKept(error) : error;
  } finally {
    client.release(failure);
    for (const other of others) other.release(await failureOf(other.query('ROLLBACK')));
  }
}

/** Why this failed; undefined when it has not. */
async function failureOf(work: Promise<unknown>): Promise<Error | undefined> {
  return work.then(
    () => undefined,
    (error: Error) => error,
  );
}

/** A pooler makes up the process id by which a client cancels its statements. */
async function isPooled(client: PoolClient): Promise<boolean> {
  const { processID } = client as PoolClient & { readonly processID?: number | null };
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid !== processID;
}

async function sessionOf(client: PoolClient): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>({
    name: 'palinode-session',
    text: 'SELECT pg_backend_pid() AS pid',
  });
  return rows[0]?.pid;
}

function notKept(cause: unknown): ConfigurationError {
  return new ConfigurationError(
    'The database is reached through a pooler in transaction mode that does not keep prepared statements. Give the ' +
      "DataSource `extra: connectionConfig(url, { pooler: 'transaction' })`, or the orchestrator `connection: { pooler: " +
      "'transaction' }`; or set max_prepared_statements of PgBouncer (1.21 or later); or connect without the pooler.",
    { cause },
  );
}
