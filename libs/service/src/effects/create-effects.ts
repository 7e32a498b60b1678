import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every effect a handler had, written in its transaction. Deliberately without a unique index: nothing here stops a second
 * effect, so a doubled one would show.
 */
export class CreateEffects1763600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE effects (
        saga_id uuid NOT NULL,
        step text NOT NULL,
        direction text NOT NULL,
        command text NOT NULL,
        command_id uuid NOT NULL,
        order_id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE effects');
  }
}
