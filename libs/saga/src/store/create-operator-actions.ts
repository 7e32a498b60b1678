import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The actions of operators on sagas. They outlive the sagas' history, and no frequent write touches their indexes. */
export class CreateOperatorActions1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operator_action (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        operator text NOT NULL,
        action text NOT NULL,
        saga_id uuid NOT NULL,
        seq int NOT NULL,
        event text NOT NULL
      )`);
    await runner.query('CREATE INDEX operator_action_by_saga ON operator_action (saga_id, id)');
    await runner.query('CREATE INDEX operator_action_by_operator ON operator_action (operator, id)');
    await runner.query('CREATE INDEX operator_action_by_action ON operator_action (action, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operator_action');
  }
}
