import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The revision that an order's sales belong to; an earlier one does not count, even when it arrives later. */
export class CreateRevisedOrders1764000000042 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE revised_order (
        generation int NOT NULL,
        order_id uuid NOT NULL,
        revision int NOT NULL,
        PRIMARY KEY (generation, order_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE revised_order');
  }
}
