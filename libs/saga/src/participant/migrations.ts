import type { MigrationInterface, QueryRunner } from 'typeorm';
import { OUTBOX_TABLE } from '../messaging';

/** The tables of a participant: inbox and outbox. */
export class CreateParticipantTables1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX_TABLE);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS inbox (
        day date NOT NULL,
        id uuid NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('claimed', 'tombstone', 'success', 'refusal', 'failure')),
        reply text,
        PRIMARY KEY (day, id)
      ) PARTITION BY RANGE (day)`);
    await runner.query('CREATE TABLE IF NOT EXISTS inbox_rest PARTITION OF inbox DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox, outbox');
  }
}

/** To be put before the migrations of the service that takes part. */
export const participantMigrations = [CreateParticipantTables1763600000000];
