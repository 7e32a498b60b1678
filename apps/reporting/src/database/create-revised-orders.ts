import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which revision of an order its sales are of: what it was before counts no more, also when that is heard of later. */
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
