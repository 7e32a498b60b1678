import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The messages that no receiver could process, and what operators decided about them. */
export class CreateDeadLetters1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dead_letter (
        id uuid PRIMARY KEY,
        kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        service text NOT NULL,
        reason text NOT NULL,
        detail text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        "offset" bigint NOT NULL,
        key bytea,
        value bytea,
        headers text NOT NULL,
        bytes int NOT NULL,
        cut boolean NOT NULL,
        digest bytea NOT NULL,
        message_id uuid,
        type text,
        saga_id uuid,
        redrive_of uuid,
        status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'redriven', 'discarded')),
        decided_by text,
        decided_because text,
        decided_at timestamptz,
        send_at timestamptz,
        sent_at timestamptz,
        CONSTRAINT dead_letter_once UNIQUE (service, topic, partition, "offset", digest)
      )`);
    await runner.query('CREATE INDEX dead_letter_by_status ON dead_letter (status, id)');
    await runner.query('CREATE INDEX dead_letter_by_saga ON dead_letter (saga_id, id)');
    await runner.query('CREATE INDEX dead_letter_by_message ON dead_letter (message_id, id)');
    await runner.query('CREATE INDEX dead_letter_to_send ON dead_letter (send_at) WHERE send_at IS NOT NULL');
    await runner.query(`CREATE INDEX dead_letter_decided ON dead_letter (decided_at) WHERE status <> 'open'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letter');
  }
}

/** Why a letter was redriven although nothing proved where it came from. */
export class OverrideDoubts1764000000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dead_letter ADD COLUMN override_because text, ADD COLUMN override_doubt text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dead_letter DROP COLUMN override_because, DROP COLUMN override_doubt');
  }
}
