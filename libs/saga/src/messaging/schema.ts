/*
 * Creates and checks tables in a schema of their own. Statements name tables without a schema, so the search path of a
 * session decides. The orchestrator sets it for its own sessions. The sessions of a participant's DataSource belong to
 * the application, so the start checks that each table is found in that schema, and not hidden by another of the same
 * name.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ConfigurationError } from '../contract';

/** Names that need no quotes. */
const NAME = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/;

/** The class of a migration of TypeORM. */
export type Migration = new () => MigrationInterface;

/** @throws ConfigurationError for an invalid name, or one that needs quotes */
export function assertSchema(schema: string | undefined): void {
  if (schema === undefined || NAME.test(schema)) return;
  throw new ConfigurationError(
    `"${schema}" cannot be the schema; use lower-case letters, digits and _, at most 63, not beginning with pg_ or a digit.`,
  );
}

/**
 * Wraps the migrations, so that they create and change their tables in this schema; they create the schema if it is
 * missing. Each needs a transaction, as TypeORM gives it by default.
 *
 * @throws ConfigurationError for an invalid name of a schema; the migrations throw one without a transaction
 */
export function migrationsIn(schema: string, migrations: readonly Migration[]): Migration[] {
  assertSchema(schema);
  return migrations.map((migration) => {
    const Within = class implements MigrationInterface {
      private readonly migration = new migration();

      up(runner: QueryRunner): Promise<void> {
        return within(schema, runner, () => this.migration.up(runner));
      }

      down(runner: QueryRunner): Promise<void> {
        return within(schema, runner, () => this.migration.down(runner));
      }
    };
    // TypeORM identifies migrations by the names of their classes.
    return Object.defineProperty(Within, 'name', { value: migration.name });
  });
}

/** Sets the search path for this transaction only, which is right behind a pooler as well, and then restores it. */
async function within(schema: string, runner: QueryRunner, work: () => Promise<void>): Promise<void> {
  await runner.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  const [{ before }] = (await runner.query(`SELECT current_setting('search_path') AS before`)) as [{ before: string }];
  const set = (path: string): Promise<unknown> => runner.query(`SELECT set_config('search_path', $1, true)`, [path]);
  await set(schema);
  const [{ current }] = (await runner.query('SELECT current_schema() AS current')) as [{ current: string | null }];
  if (current !== schema)
    throw new ConfigurationError(
      `The migrations of the schema ${schema} need a transaction; do not run them with transaction: 'none'.`,
    );
  await work();
  await set(before);
}
