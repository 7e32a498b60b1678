import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AskForConsent1764600000039 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE revision
        ADD COLUMN asked_cents bigint,
        ADD COLUMN consent boolean,
        DROP CONSTRAINT revision_status_check,
        ADD CONSTRAINT revision_status_check CHECK (status IN ('ASKED', 'BEGUN', 'COMMITTED', 'DONE', 'DROPPED'))`);
    // An order that is held for a revision still has the price from which it began.
    await runner.query(`
      UPDATE revision SET asked_cents = revision.total_cents - orders.total_cents
      FROM orders WHERE orders.id = revision.order_id AND revision.status = 'BEGUN'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE revision
        DROP COLUMN asked_cents,
        DROP COLUMN consent,
        DROP CONSTRAINT revision_status_check,
        ADD CONSTRAINT revision_status_check CHECK (status IN ('ASKED', 'BEGUN', 'DONE', 'DROPPED'))`);
  }
}
