import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRefunds1763600000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE card_authorization
        ADD COLUMN refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents BETWEEN 0 AND amount_cents)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE card_authorization DROP COLUMN refunded_cents');
  }
}
