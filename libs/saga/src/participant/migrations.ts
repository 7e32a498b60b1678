import {
  createEventOutboxTable,
  createOutboxTable,
  createUnacknowledgedTable,
  hasColumns,
  TableMigration,
  type NeededTables,
  type TableMigrationClass,
} from '../messaging';

const OUTCOMES = `outcome IN ('claimed', 'tombstone', 'success', 'refusal', 'failure')`;

/** The tables of a participant: inbox and outbox. */
export class CreateParticipantTables1763600000000 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.outbox, 'id', 'topic', 'key', 'payload', 'created_at')}
    AND ${hasColumns(this.tables.inbox, 'day', 'id', 'outcome', 'reply')}`;

  upStatements(): string[] {
    const { inbox, inbox_rest } = this.tables;
    return [
      createOutboxTable(this.tables),
      `
      CREATE TABLE IF NOT EXISTS ${inbox} (
        day date NOT NULL,
        id uuid NOT NULL,
        outcome text NOT NULL CHECK (${OUTCOMES}),
        reply text,
        PRIMARY KEY (day, id)
      ) PARTITION BY RANGE (day)`,
      `CREATE TABLE IF NOT EXISTS ${inbox_rest} PARTITION OF ${inbox} DEFAULT`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.inbox}, ${this.tables.outbox}`];
  }
}

/** The outbox of events. */
export class CreateEventOutbox1763600000002 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.event_outbox, 'seq', 'id', 'topic', 'key', 'payload', 'created_at');

  upStatements(): string[] {
    return [createEventOutboxTable(this.tables)];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.event_outbox}`];
  }
}

/** Starts and signals that the orchestrator has not acknowledged. */
export class CreateUnacknowledged1764000000030 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.unacknowledged, 'id', 'topic', 'key', 'payload', 'sent', 'due_at');

  upStatements(): string[] {
    return createUnacknowledgedTable(this.tables);
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.unacknowledged}`];
  }
}

/** PostgreSQL parses a check again for every statement, which was a seventh of the cost of storing a reply. */
export class TrustInboxOutcomes1764000000031 extends TableMigration {
  readonly isApplied = `NOT EXISTS (SELECT FROM pg_constraint
    WHERE conrelid = to_regclass('${this.tables.inbox}') AND conname = '${this.constraint}')`;

  upStatements(): string[] {
    return [`ALTER TABLE ${this.tables.inbox} DROP CONSTRAINT IF EXISTS ${this.constraint}`];
  }

  downStatements(): string[] {
    return [`ALTER TABLE ${this.tables.inbox} ADD CHECK (${OUTCOMES})`];
  }

  /** As PostgreSQL names it. */
  private get constraint(): string {
    return this.tables.local('inbox_outcome_check');
  }
}

/** The digest of each command. Existing rows have none, and duplicates of theirs are answered as before. */
export class DigestCommands1764000000060 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.inbox, 'digest');

  upStatements(): string[] {
    return [`ALTER TABLE ${this.tables.inbox} ADD COLUMN IF NOT EXISTS digest bytea`];
  }

  downStatements(): string[] {
    return [`ALTER TABLE ${this.tables.inbox} DROP COLUMN digest`];
  }
}

/** The results of calls to third parties, until their step is settled. */
export class CreateThirdPartyCalls1764500000032 extends TableMigration {
  readonly isApplied = hasColumns(
    this.tables.third_party_call,
    'saga_id',
    'step',
    'direction',
    'name',
    'command_id',
    'result',
    'unusable',
    'at',
  );

  upStatements(): string[] {
    return [
      `
      CREATE TABLE IF NOT EXISTS ${this.tables.third_party_call} (
        saga_id uuid NOT NULL,
        step text NOT NULL,
        direction text NOT NULL,
        name text NOT NULL,
        command_id uuid NOT NULL,
        result text,
        unusable text,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (saga_id, step, direction, name)
      )`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.third_party_call}`];
  }
}

/** The participant's migrations, in order. Put these before the service's own migrations. */
export const participantMigrations: TableMigrationClass[] = [
  CreateParticipantTables1763600000000,
  CreateEventOutbox1763600000002,
  CreateUnacknowledged1764000000030,
  TrustInboxOutcomes1764000000031,
  DigestCommands1764000000060,
  CreateThirdPartyCalls1764500000032,
];

export const PARTICIPANT_TABLES: NeededTables = {
  name: 'participantMigrations',
  migrations: participantMigrations,
  rights: {
    inbox: 'SELECT, INSERT, OWNER',
    outbox: 'SELECT, INSERT, UPDATE, DELETE',
    event_outbox: 'SELECT, INSERT, DELETE',
    unacknowledged: 'SELECT, INSERT, UPDATE, DELETE',
    third_party_call: 'SELECT, INSERT, UPDATE, DELETE',
  },
};
