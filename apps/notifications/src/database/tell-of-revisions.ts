import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An order may be revised more than once, with a notification for each revision. */
export class TellOfRevisions1764000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notification ADD COLUMN revision integer NOT NULL DEFAULT 0,
        DROP CONSTRAINT notification_pkey, ADD PRIMARY KEY (order_id, kind, revision)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM notification WHERE revision > 0');
    await runner.query(`
      ALTER TABLE notification DROP CONSTRAINT notification_pkey, ADD PRIMARY KEY (order_id, kind),
        DROP COLUMN revision`);
  }
}
