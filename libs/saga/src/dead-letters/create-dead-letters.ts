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

/** The group of each dead letter, and what became of it after its redrive. */
export class GroupDeadLetters1764600000004 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.dead_letter, 'outcome', 'seen_revision', 'group_id');

  upStatements(): string[] {
    const { dead_letter } = this.tables;
    const index = (name: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${dead_letter}`;
    // Computed by the database, so that it has one value for the letters of all releases. A UUID of version 3, a digest.
    const parts = `service || E'\\n' || reason || E'\\n' || topic || E'\\n' || coalesce(type, '')`;
    const digest = `md5(${parts} || E'\\n' || regexp_replace(detail, '\\S*\\d\\S*', '…', 'g'))`;
    return [
      `
      ALTER TABLE ${dead_letter} ADD outcome text, ADD seen_revision int, ADD group_id uuid NOT NULL
        GENERATED ALWAYS AS (overlay(overlay(${digest} placing '3' from 13) placing '8' from 17)::uuid) STORED`,
      this.statuses('open', 'redriven', 'discarded', 'closed'),
      `${index('dead_letter_by_group')} (status, group_id, id)`,
      `${index('dead_letter_unsettled')} (id)
        WHERE outcome IS NULL AND saga_id IS NOT NULL AND status IN ('open', 'redriven')`,
    ];
  }

  downStatements(): string[] {
    const { dead_letter } = this.tables;
    return [
      `UPDATE ${dead_letter} SET status = 'discarded' WHERE status = 'closed'`,
      this.statuses('open', 'redriven', 'discarded'),
      `ALTER TABLE ${dead_letter} DROP outcome, DROP seen_revision, DROP group_id`,
    ];
  }

  private statuses(...statuses: readonly string[]): string {
    const name = `${this.tables.local('dead_letter')}_status_check`;
    const list = statuses.map((status) => `'${status}'`).join(', ');
    return `ALTER TABLE ${this.tables.dead_letter} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} CHECK (status IN (${list}))`;
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
