import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders that were taken back: nothing of them counts as sold, also when their approval is heard of later. */
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
