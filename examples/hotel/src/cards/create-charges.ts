import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCharges1763700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE charge (
        booking_id uuid PRIMARY KEY,
        amount_cents int NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE charge');
  }
}
