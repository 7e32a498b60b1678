/*
 * The checks of a start before it takes work. A database that lacks something fails the start, because retrying does
 * not help. A database that is away (database-away.ts) is waited for.
 */
import type { Pool } from 'pg';
import { ConfigurationError } from '../contract';
import { assertConnections } from './connection-check';
import { sqlStateOf, untilDatabaseAnswers } from './database-away';
import type { Log } from './logger';
import type { Sql } from './sql';
import type { TableMigrationClass } from './table-migration';
import { TABLES, type TableName, type Tables } from './tables';
import { tlsRefusal } from './tls-refusal';

/**
 * The privileges that a service needs on a table, such as `SELECT, INSERT`. `OWNER`: it creates and drops parts of it.
 */
export type TableRights = Readonly<Partial<Record<TableName, string>>>;

export interface NeededTables {
  readonly rights: TableRights;
  /** The migrations that create them, in order. */
  readonly migrations: readonly TableMigrationClass[];
  /** The name under which the package exports the migrations. */
  readonly name: string;
}

export interface DatabaseCheckOptions {
  /** @default those without a schema and a prefix */
  readonly tables?: Tables;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks that the library can work with the connections, that the migrations have run, whichever tool has run them, and
 * that the role may use the tables; waits while the database is away.
 *
 * @throws ConfigurationError when the database refuses the connection, or lacks migrations or privileges; when the
 * pooler or a setting of the session does not allow what the library relies on
 */
export async function checkDatabase(
  pool: Pool,
  needed: NeededTables,
  log: Log,
  { tables = TABLES, signal }: DatabaseCheckOptions = {},
): Promise<void> {
  const check = async (): Promise<void> => {
    await assertConnections(pool, log);
    await assertMigrations(pool, needed, tables);
    await assertRights(pool, needed, tables);
  };
  await untilDatabaseAnswers('check its tables', check, log, signal).catch(explainRefusal);
}

async function assertMigrations(sql: Sql, { migrations, rights, name }: NeededTables, tables: Tables): Promise<void> {
  const expressions = migrations.map((migration) => `(${new migration(tables).isApplied}) IS TRUE`);
  const names = tablesOf(rights).map((table) => tables[table]);
  const { rows } = await sql.query({
    text: `SELECT current_database() AS database, ARRAY[${expressions.join(', ')}] AS applied,
      ARRAY (SELECT name FROM unnest($1::text[]) AS wanted (name) WHERE to_regclass(name) IS NULL) AS missing`,
    values: [names],
  });
  const [found] = rows as { database: string; applied: boolean[]; missing: string[] }[];
  const lacking = migrations.filter((_, index) => found?.applied[index] !== true);
  if (lacking.length === 0) return;
  const { database, missing } = found ?? { database: '', missing: [] };
  const what =
    missing.length > 0 ? `has no table ${missing.join(', ')}` : 'has tables of these names with other columns';
  const where = tables.schema === undefined ? ', and its search_path to the right schema' : '';
  throw new ConfigurationError(
    `The database ${database} ${what}; run ${name} on it before the service starts, with the same schema and ` +
      `tablePrefix. It lacks ${lacking.map((each) => each.name).join(', ')}. See that the URL leads to the right ` +
      `database${where}. If a table of one of these names is your own, choose another schema or tablePrefix.`,
  );
}

async function assertRights(sql: Sql, { rights }: NeededTables, tables: Tables): Promise<void> {
  const wanted = tablesOf(rights).flatMap((table) =>
    (rights[table] ?? '').split(', ').map((right) => ({ table: tables[table], right })),
  );
  const { rows } = await sql.query({
    text: LACKING_RIGHTS,
    values: [wanted.map((each) => each.table), wanted.map((each) => each.right)],
  });
  const lacking = rows as { database: string; role: string; name: string; privilege: string }[];
  const [first] = lacking;
  if (first === undefined) return;
  const remedies = lacking.map(({ name, privilege }) => remedy(name, privilege, first.role));
  throw new ConfigurationError(
    `The role ${first.role} lacks privileges in the database ${first.database}; run there: ${remedies.join(' ')}`,
  );
}

function tablesOf(rights: TableRights): TableName[] {
  return Object.keys(rights) as TableName[];
}

function remedy(table: string, right: string, role: string): string {
  return right === 'OWNER' ? `ALTER TABLE ${table} OWNER TO "${role}";` : `GRANT ${right} ON ${table} TO "${role}";`;
}

const LACKING_RIGHTS = `
  SELECT current_database() AS database, current_user AS role, name, privilege
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (name, privilege, place)
         JOIN pg_class c ON c.oid = to_regclass(name)
   WHERE NOT CASE WHEN privilege = 'OWNER' THEN pg_has_role(c.relowner, 'USAGE')
                  ELSE has_table_privilege(c.oid, privilege) END
   ORDER BY place`;

const REFUSALS: Readonly<Record<string, string>> = {
  '28000':
    'correct the role in its URL, or permit it in pg_hba.conf; where that asks for TLS, add sslmode=verify-full to the URL',
  '28P01': 'correct the role or its password in the URL, or the password that its options give',
  '3D000': 'create the database, or correct its name in the URL',
  '42501': 'grant the role of the URL the missing privileges (CONNECT on the database, USAGE and CREATE on its schema)',
};

/**
 * Rethrows the error, as a ConfigurationError with the remedy when the database rejects every connection with this URL.
 */
export function explainRefusal(error: unknown): never {
  if (error instanceof ConfigurationError) throw error;
  const tls = tlsRefusal(error);
  if (tls !== undefined)
    throw new ConfigurationError(
      `No TLS connection to the database is possible (${tls.problem}); ${tls.remedy} (sslrootcert, sslcert and sslkey in the URL, or its option ssl).`,
      { cause: error },
    );
  const remedyOf = REFUSALS[sqlStateOf(error) ?? ''];
  if (remedyOf === undefined) throw error;
  throw new ConfigurationError(`The database refuses this service (${String(error)}); ${remedyOf}.`, { cause: error });
}
