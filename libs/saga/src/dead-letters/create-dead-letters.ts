import { hasColumns, TableMigration } from '../messaging';

/** The messages that no receiver could process, and what operators decided about them. */
export class CreateDeadLetters1764000000003 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.dead_letter, 'id', 'kept_at', 'digest', 'redrive_of', 'sent_at');

  upStatements(): string[] {
    const { dead_letter } = this.tables;
    const index = (name: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${dead_letter}`;
    return [
      `
      CREATE TABLE ${dead_letter} (
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
        CONSTRAINT ${this.tables.local('dead_letter_once')} UNIQUE (service, topic, partition, "offset", digest)
      )`,
      `${index('dead_letter_by_status')} (status, id)`,
      `${index('dead_letter_by_saga')} (saga_id, id)`,
      `${index('dead_letter_by_message')} (message_id, id)`,
      `${index('dead_letter_to_send')} (send_at) WHERE send_at IS NOT NULL`,
      `${index('dead_letter_decided')} (decided_at) WHERE status <> 'open'`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.dead_letter}`];
  }
}

/** Why a letter was redriven although nothing proved where it came from. */
export class OverrideDoubts1764000000061 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.dead_letter, 'override_because', 'override_doubt');

  upStatements(): string[] {
    return [`ALTER TABLE ${this.tables.dead_letter} ADD COLUMN override_because text, ADD COLUMN override_doubt text`];
  }

  downStatements(): string[] {
    return [`ALTER TABLE ${this.tables.dead_letter} DROP COLUMN override_because, DROP COLUMN override_doubt`];
  }
}
