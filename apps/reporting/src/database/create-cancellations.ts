import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cancelled orders: they do not count as sold, even when their approval arrives later. */
export class CreateCancellations1764000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cancellation (
        generation int NOT NULL,
        order_id uuid NOT NULL,
        day date NOT NULL,
        PRIMARY KEY (generation, order_id)
      )`);
    await runner.query('CREATE INDEX ON cancellation (generation, day)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cancellation');
  }
}
