/*
 * The checks of a start before it takes work. A database that lacks something fails the start, because retrying does
 * not help. A database that is away (database-away.ts) is waited for.
 */
import { ConfigurationError } from '../contract';
import { sqlStateOf, untilDatabaseAnswers } from './database-away';
import type { Log } from './logger';
import type { Sql } from './sql';
import { tlsRefusal } from './tls-refusal';

/**
 * The privileges that a service needs on a table, such as `SELECT, INSERT`. `OWNER`: it creates and drops parts of it.
 */
export type TableRights = Readonly<Record<string, string>>;

export interface NeededTables {
  readonly rights: TableRights;
  /** The migrations that create them, such as `participantMigrations`. */
  readonly migrations: string;
}

export interface DatabaseCheckOptions {
  /** The schema in which the session must find the tables. @default the first of its search path that has them */
  readonly schema?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks that these tables exist, and that the role may use them; waits while the database is away.
 *
 * @throws ConfigurationError when the database refuses the connection, or lacks tables or privileges
 */
export async function checkDatabase(
  sql: Sql,
  needed: NeededTables,
  log: Log,
  { schema, signal }: DatabaseCheckOptions = {},
): Promise<void> {
  const check = (): Promise<void> => assertTables(sql, needed, schema);
  await untilDatabaseAnswers('check its tables', check, log, signal).catch(explainRefusal);
}

async function assertTables(sql: Sql, { rights, migrations }: NeededTables, schema?: string): Promise<void> {
  const wanted = Object.entries(rights).flatMap(([table, text]) => text.split(', ').map((right) => ({ table, right })));
  const { rows } = await sql.query({
    text: LOOK,
    values: [wanted.map((each) => each.table), wanted.map((each) => each.right)],
  });
  const found = rows as {
    database: string;
    role: string;
    name: string;
    privilege: string;
    schema: string | null;
    exists: boolean;
    may: boolean;
  }[];
  const { database, role } = found[0] ?? { database: '', role: '' };
  const missing = [...new Set(found.filter(({ exists }) => !exists).map(({ name }) => name))];
  if (missing.length > 0)
    throw new ConfigurationError(
      `The database ${database} has no table ${missing.join(', ')}; run ${migrations} on it before the service starts, and ` +
        `see that the URL leads to the right database and its search_path to ${schema ?? 'the right schema'}.`,
    );
  const elsewhere = schema === undefined ? undefined : found.find((each) => each.schema !== schema);
  if (elsewhere !== undefined)
    throw new ConfigurationError(
      `The database ${database} has the table ${elsewhere.name} in the schema ${elsewhere.schema}, which hides that of ${schema}, or ` +
        `${schema} has none; run ${migrations} by migrationsIn('${schema}', …), and rename or move the table that hides it.`,
    );
  const remedies = found.filter(({ may }) => !may).map(({ name, privilege }) => remedy(name, privilege, role));
  if (remedies.length > 0)
    throw new ConfigurationError(
      `The role ${role} lacks privileges in the database ${database}; run there: ${remedies.join(' ')}`,
    );
}

function remedy(table: string, right: string, role: string): string {
  return right === 'OWNER' ? `ALTER TABLE ${table} OWNER TO "${role}";` : `GRANT ${right} ON ${table} TO "${role}";`;
}

const LOOK = `
  SELECT current_database() AS database, current_user AS role, name, privilege, c.oid IS NOT NULL AS exists,
         c.relnamespace::regnamespace::text AS schema,
         CASE WHEN c.oid IS NULL THEN false
              WHEN privilege = 'OWNER' THEN pg_has_role(c.relowner, 'USAGE')
              ELSE has_table_privilege(c.oid, privilege) END AS may
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (name, privilege, place)
         LEFT JOIN pg_class c ON c.oid = to_regclass(name)
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
