import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrders1770000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id uuid PRIMARY KEY,
        sku text NOT NULL,
        quantity int NOT NULL,
        status text NOT NULL DEFAULT 'PENDING',
        reason text
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE orders');
  }
}
