import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which orchestrator owns this database, and which definitions it has, or had: it starts no saga of another
 * orchestrator.
 */
export class CreateIdentity1764000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orchestrator (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        database_id uuid NOT NULL,
        name text NOT NULL
      )`);
    await runner.query('CREATE TABLE saga_definition (name text PRIMARY KEY)');
    await runner.query('INSERT INTO saga_definition (name) SELECT DISTINCT definition FROM saga');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE orchestrator, saga_definition');
  }
}
