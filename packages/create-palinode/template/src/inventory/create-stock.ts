import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStock1770000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE stock (sku text PRIMARY KEY, available int NOT NULL CHECK (available >= 0))');
    await runner.query(`INSERT INTO stock (sku, available) VALUES ('mug', 100), ('teapot', 1)`);
    await runner.query(
      'CREATE TABLE reservation (order_id uuid PRIMARY KEY, sku text NOT NULL, quantity int NOT NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reservation');
    await runner.query('DROP TABLE stock');
  }
}
