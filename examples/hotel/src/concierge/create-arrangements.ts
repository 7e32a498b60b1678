import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateArrangements1763700000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE breakfast (booking_id uuid PRIMARY KEY, guests int NOT NULL)');
    await runner.query('CREATE TABLE taxi (booking_id uuid, direction text, PRIMARY KEY (booking_id, direction))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE breakfast, taxi');
  }
}
