import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLargeOrders1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE large_order (id uuid PRIMARY KEY, cents integer NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE large_order');
  }
}
