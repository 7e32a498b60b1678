/*
 * What a start looks at before it takes work: a database that is not as this library needs it does not become so by being
 * asked again. That it is away is another matter (database-away.ts): it may come later.
 */
import { ConfigurationError } from '../contract';
import { sqlStateOf } from './database-away';
import type { Log } from './logger';
import type { Sql } from './sql';
import { untilDatabaseAnswers } from './until-database-answers';

/** What a service does with a table, such as `SELECT, INSERT`. `OWNER`: it makes and drops parts of it. */
export type TableRights = Readonly<Record<string, string>>;

export interface NeededTables {
  readonly rights: TableRights;
  /** Where they come from, such as `participantMigrations`. */
  readonly migrations: string;
}

export interface DatabaseCheckOptions {
  /** In which schema the session has to find the tables. @default the first of its search path that has them */
  readonly schema?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks whether these tables are there, and whether the role may use them; waits for as long as the database is away.
 *
 * @throws ConfigurationError for what the database refuses, lacks, or does not allow.
 */
export async function checkDatabase(
  sql: Sql,
  needed: NeededTables,
  log: Log,
  { schema, signal }: DatabaseCheckOptions = {},
): Promise<void> {
  const look = (): Promise<void> => assertTables(sql, needed, schema);
  await untilDatabaseAnswers('look at its tables', look, log, signal).catch(explainRefusal);
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
      `The role ${role} lacks rights in the database ${database}; run there: ${remedies.join(' ')}`,
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
  '28000': 'mend the role in its URL, or let pg_hba.conf take it',
  '28P01': 'mend the role or its password in the URL',
  '3D000': 'create the database, or mend its name in the URL',
  '42501': 'grant the role of the URL what it lacks (CONNECT on the database, USAGE and CREATE on its schema)',
};

/** Throws the error, as a ConfigurationError with the remedy when the database lets nobody in with this URL. */
export function explainRefusal(error: unknown): never {
  const remedyOf = REFUSALS[sqlStateOf(error) ?? ''];
  if (remedyOf === undefined || error instanceof ConfigurationError) throw error;
  throw new ConfigurationError(`The database refuses this service (${String(error)}); ${remedyOf}.`, { cause: error });
}
