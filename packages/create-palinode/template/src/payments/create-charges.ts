import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCharges1770000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE charge (order_id uuid PRIMARY KEY, amount_cents int NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE charge');
  }
}
