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

/** The group of each dead letter, and what became of it after its redrive. */
export class GroupDeadLetters1764600000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Computed by the database, so that it has one value for the letters of all releases. A UUID of version 3, a digest.
    const parts = `service || E'\\n' || reason || E'\\n' || topic || E'\\n' || coalesce(type, '')`;
    const digest = `md5(${parts} || E'\\n' || regexp_replace(detail, '\\S*\\d\\S*', '…', 'g'))`;
    await runner.query(`
      ALTER TABLE dead_letter ADD outcome text, ADD seen_revision int, ADD group_id uuid NOT NULL
        GENERATED ALWAYS AS (overlay(overlay(${digest} placing '3' from 13) placing '8' from 17)::uuid) STORED`);
    await runner.query(`
      ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_status_check,
        ADD CONSTRAINT dead_letter_status_check CHECK (status IN ('open', 'redriven', 'discarded', 'closed'))`);
    await runner.query('CREATE INDEX dead_letter_by_group ON dead_letter (status, group_id, id)');
    await runner.query(`
      CREATE INDEX dead_letter_unsettled ON dead_letter (id)
        WHERE outcome IS NULL AND saga_id IS NOT NULL AND status IN ('open', 'redriven')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE dead_letter SET status = 'discarded' WHERE status = 'closed'`);
    await runner.query(`
      ALTER TABLE dead_letter DROP outcome, DROP seen_revision, DROP group_id, DROP CONSTRAINT dead_letter_status_check,
        ADD CONSTRAINT dead_letter_status_check CHECK (status IN ('open', 'redriven', 'discarded'))`);
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
