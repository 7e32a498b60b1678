/*
 * The migrations of the library's tables. TypeORM runs them as classes; `sqlOf` prints them for other tools. Both have the
 * same statements.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TABLES, tablesIn, type TableLocation, type Tables } from './tables';

interface MigrationStatements {
  /** An SQL expression that is true in a database that has this migration. */
  readonly isApplied: string;
  upStatements(): readonly string[];
  downStatements(): readonly string[];
}

export abstract class TableMigration implements MigrationInterface, MigrationStatements {
  constructor(protected readonly tables: Tables = TABLES) {}

  abstract readonly isApplied: string;
  abstract upStatements(): readonly string[];
  abstract downStatements(): readonly string[];

  async up(runner: QueryRunner): Promise<void> {
    await createSchema(runner, this.tables.schema);
    for (const statement of this.upStatements()) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of this.downStatements()) await runner.query(statement);
  }
}

/** The class of a migration of the library; TypeORM takes it like any other. */
export type TableMigrationClass = new (tables?: Tables) => MigrationInterface & MigrationStatements;

/**
 * The same migrations for tables in another place: in a schema, which they create if it is missing, or with a prefix.
 *
 * @throws ConfigurationError for a schema or a prefix that is invalid or needs quotes
 */
export function migrationsIn(
  location: string | TableLocation,
  migrations: readonly TableMigrationClass[],
): TableMigrationClass[] {
  const where: TableLocation = typeof location === 'string' ? { schema: location } : location;
  const tables = tablesIn(where);
  return migrations.map((migration) => {
    const Located = class extends migration {
      constructor() {
        super(tables);
      }
    };
    // TypeORM identifies migrations by the names of their classes. The prefix tells two services with one schema apart.
    return Object.defineProperty(Located, 'name', { value: `${where.tablePrefix ?? ''}${migration.name}` });
  });
}

/** Not with IF NOT EXISTS alone, which needs the privilege to create schemas even if this one exists. */
async function createSchema(runner: QueryRunner, schema: string | undefined): Promise<void> {
  if (schema === undefined) return;
  const existing = (await runner.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])) as unknown[];
  if (existing.length === 0) await runner.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
}

/** A migration as SQL. */
export interface MigrationSql {
  /** Its number in the order in which they run, and its name: `0001-create-participant-tables`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/**
 * Prints migrations as SQL, in the order in which they run, for Flyway, Prisma, node-pg-migrate and other tools.
 *
 * @throws ConfigurationError for a schema or a prefix that is invalid or needs quotes
 */
export function sqlOf(migrations: readonly TableMigrationClass[], location: TableLocation = {}): MigrationSql[] {
  const tables = tablesIn(location);
  return migrations.map((migration, index) => {
    const made = new migration(tables);
    const schema = index === 0 && tables.schema !== undefined ? [`CREATE SCHEMA IF NOT EXISTS ${tables.schema}`] : [];
    return {
      name: `${String(index + 1).padStart(4, '0')}-${nameOf(migration)}`,
      up: scriptOf([...schema, ...made.upStatements()]),
      down: scriptOf(made.downStatements()),
    };
  });
}

/** `CreateParticipantTables1763600000000` is `create-participant-tables`. */
function nameOf(migration: TableMigrationClass): string {
  const words = migration.name.replace(/\d+$/, '').match(/[A-Z][a-z]*/g) ?? [];
  return words.join('-').toLowerCase();
}

function scriptOf(statements: readonly string[]): string {
  return statements.map((statement) => `${withoutIndent(statement)};\n`).join('\n');
}

/** Statements stand indented in the source. */
function withoutIndent(statement: string): string {
  const lines = statement.replace(/^\n/, '').trimEnd().split('\n');
  const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
  return lines.map((line) => line.slice(Math.min(indent, /^ */.exec(line)?.[0].length ?? 0))).join('\n');
}

/** An SQL expression: the table has these columns. */
export function hasColumns(table: string, ...columns: readonly string[]): string {
  const names = columns.map((column) => `'${column}'`).join(', ');
  return `(SELECT count(*) = ${columns.length} FROM pg_attribute
    WHERE attrelid = to_regclass('${table}') AND attname IN (${names}) AND NOT attisdropped)`;
}
