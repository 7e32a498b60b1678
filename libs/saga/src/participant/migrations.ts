import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  EVENT_OUTBOX_TABLE,
  OUTBOX_TABLE,
  UNACKNOWLEDGED_BY_TIME,
  UNACKNOWLEDGED_TABLE,
  type NeededTables,
  type Migration,
} from '../messaging';

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

/** The outbox of events. */
export class CreateEventOutbox1763600000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVENT_OUTBOX_TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_outbox');
  }
}

/** Starts and signals that the orchestrator has not acknowledged. */
export class CreateUnacknowledged1764000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UNACKNOWLEDGED_TABLE);
    await runner.query(UNACKNOWLEDGED_BY_TIME);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE unacknowledged');
  }
}

/** PostgreSQL parses a check again for every statement, which was a seventh of the cost of storing a reply. */
export class TrustInboxOutcomes1764000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox DROP CONSTRAINT IF EXISTS inbox_outcome_check');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE inbox ADD CHECK (outcome IN ('claimed', 'tombstone', 'success', 'refusal', 'failure'))`,
    );
  }
}

/** The digest of each command. Existing rows have none, and duplicates of theirs are answered as before. */
export class DigestCommands1764000000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox ADD COLUMN IF NOT EXISTS digest bytea');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbox DROP COLUMN digest');
  }
}

/** The results of calls to third parties, until their step is settled. */
export class CreateThirdPartyCalls1764500000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS third_party_call (
        saga_id uuid NOT NULL,
        step text NOT NULL,
        direction text NOT NULL,
        name text NOT NULL,
        command_id uuid NOT NULL,
        result text,
        unusable text,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (saga_id, step, direction, name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE third_party_call');
  }
}

/** The participant's migrations, in order. */
export const PARTICIPANT_TABLES: NeededTables = {
  migrations: 'participantMigrations',
  rights: {
    inbox: 'SELECT, INSERT, OWNER',
    outbox: 'SELECT, INSERT, UPDATE, DELETE',
    event_outbox: 'SELECT, INSERT, DELETE',
    unacknowledged: 'SELECT, INSERT, UPDATE, DELETE',
    third_party_call: 'SELECT, INSERT, UPDATE, DELETE',
  },
};

/** Put these before the service's own migrations. */
export const participantMigrations: Migration[] = [
  CreateParticipantTables1763600000000,
  CreateEventOutbox1763600000002,
  CreateUnacknowledged1764000000030,
  TrustInboxOutcomes1764000000031,
  DigestCommands1764000000060,
  CreateThirdPartyCalls1764500000032,
];
