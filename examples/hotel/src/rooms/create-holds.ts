import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateHolds1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE hold (
        id uuid PRIMARY KEY,
        booking_id uuid NOT NULL,
        room_id text NOT NULL,
        night date NOT NULL,
        UNIQUE (room_id, night)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hold');
  }
}
