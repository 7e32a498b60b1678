import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The idempotency key of the request that asked for a revision. */
export class AddRevisionKeys1764500000038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE revision
        ADD COLUMN idempotency_key text,
        ADD COLUMN fingerprint text,
        ADD COLUMN difference_cents bigint,
        ADD UNIQUE (order_id, idempotency_key)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE revision DROP COLUMN idempotency_key, DROP COLUMN fingerprint, DROP COLUMN difference_cents',
    );
  }
}
