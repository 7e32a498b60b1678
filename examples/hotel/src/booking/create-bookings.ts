import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBookings1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE booking (
        id uuid PRIMARY KEY,
        status text NOT NULL,
        reason text,
        saga_id uuid
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE booking');
  }
}
