import type { QueryRunner } from 'typeorm';
import {
  CreateDeadLetters1764000000003,
  GroupDeadLetters1764600000004,
  OverrideDoubts1764000000061,
} from '../dead-letters';
import { CreateHolds1764500000001 } from '../holds';
import { CreateIncidents1764600000001 } from '../incidents';
import {
  createEventOutboxTable,
  createOutboxTable,
  hasColumns,
  TableMigration,
  type NeededTables,
  type TableMigrationClass,
} from '../messaging';
import { CreateOperatorLog1764600000002 } from '../operator-log';
import { CreateStatistics1764700000001 } from '../statistics';
import { CreateBulkActions1764600000003 } from './create-bulk-actions';
import { CreateStreamChanges1764600000060 } from './create-stream-changes';
import { CreateSagaSearch1764700000020 } from './create-search';
import { CreateInstances1764700000002 } from './create-instances';

const BY_DEFINITION = 'saga_by_definition';
const BY_SUBJECT = 'saga_by_subject';
const BY_SUBJECT_AND_START = 'saga_by_subject_and_start';

/**
 * Which orchestrator owns this database, and which definitions it has, or had: it starts no saga of another
 * orchestrator.
 */
class CreateIdentity1764000000040 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.orchestrator, 'singleton', 'database_id', 'name')}
    AND ${hasColumns(this.tables.saga_definition, 'name')}`;

  upStatements(): string[] {
    const { orchestrator, saga, saga_definition } = this.tables;
    return [
      `
      CREATE TABLE ${orchestrator} (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        database_id uuid NOT NULL,
        name text NOT NULL
      )`,
      `CREATE TABLE ${saga_definition} (name text PRIMARY KEY)`,
      `INSERT INTO ${saga_definition} (name) SELECT DISTINCT definition FROM ${saga}`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.orchestrator}, ${this.tables.saga_definition}`];
  }
}

/** The actions of operators on sagas. They outlive the sagas' history, and no frequent write touches their indexes. */
class CreateOperatorActions1764000000002 extends TableMigration {
  readonly isApplied = hasColumns(
    this.tables.operator_action,
    'id',
    'at',
    'operator',
    'action',
    'saga_id',
    'seq',
    'event',
  );

  upStatements(): string[] {
    const { operator_action } = this.tables;
    const index = (name: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${operator_action}`;
    return [
      `
      CREATE TABLE ${operator_action} (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        operator text NOT NULL,
        action text NOT NULL,
        saga_id uuid NOT NULL,
        seq int NOT NULL,
        event text NOT NULL
      )`,
      `${index('operator_action_by_saga')} (saga_id, id)`,
      `${index('operator_action_by_operator')} (operator, id)`,
      `${index('operator_action_by_action')} (action, id)`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.operator_action}`];
  }
}

/** The orchestrator's tables. `wake_at` has no index, so that the update of a step stays within its page (HOT). */
export class CreateOrchestratorTables1763600000001 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.outbox, 'id', 'topic', 'key', 'payload', 'created_at')}
    AND ${hasColumns(this.tables.saga, 'id', 'definition', 'version', 'state', 'revision', 'wake_at', 'armed_at')}
    AND ${hasColumns(this.tables.saga_history, 'saga_id', 'seq', 'at', 'event', 'sent', 'ignored')}
    AND ${hasColumns(this.tables.saga_timer, 'saga_id', 'fire_at')}`;

  upStatements(): string[] {
    const { saga, saga_history, saga_timer } = this.tables;
    const index = (name: string, on: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${on}`;
    return [
      createOutboxTable(this.tables),
      `
      CREATE TABLE ${saga} (
        id uuid PRIMARY KEY,
        definition text NOT NULL,
        version int NOT NULL,
        status text NOT NULL,
        subject text,
        state text NOT NULL,
        revision int NOT NULL,
        wake_at timestamptz,
        armed_at timestamptz,
        started_at timestamptz NOT NULL,
        ended_at timestamptz
      ) WITH (fillfactor = 70)`,
      `${index('saga_by_status', saga)} (status, id)`,
      `${index('saga_by_definition', saga)} (definition, id)`,
      `${index('saga_by_subject', saga)} (subject, id)`,
      `
      CREATE TABLE ${saga_history} (
        saga_id uuid NOT NULL,
        seq int NOT NULL,
        at timestamptz NOT NULL,
        event text NOT NULL,
        sent text,
        ignored text,
        PRIMARY KEY (saga_id, seq)
      )`,
      // A saga enters once, with its earliest wake-up; the row moves only when it fires too early or must fire earlier.
      `CREATE TABLE ${saga_timer} (saga_id uuid PRIMARY KEY, fire_at timestamptz NOT NULL)`,
      `${index('saga_timer_by_time', saga_timer)} (fire_at)`,
    ];
  }

  downStatements(): string[] {
    const { outbox, saga, saga_history, saga_timer } = this.tables;
    return [`DROP TABLE ${saga}, ${saga_history}, ${saga_timer}, ${outbox}`];
  }
}

/** Why a saga is paused, so that sagas without their definition are found among any number of others. */
export class AddPauseReason1764000000001 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.saga, 'pause_reason');

  upStatements(): string[] {
    const { saga } = this.tables;
    return [
      `ALTER TABLE ${saga} ADD COLUMN pause_reason text`,
      // Only pausing and resuming change this column, and they move the saga in `saga_by_status` anyway: other updates
      // stay HOT.
      `CREATE INDEX ${this.tables.local('saga_without_definition')} ON ${saga} (definition, version, id)
        WHERE pause_reason = 'definition-missing'`,
    ];
  }

  downStatements(): string[] {
    return [`ALTER TABLE ${this.tables.saga} DROP COLUMN pause_reason`];
  }

  /** Also reads the reasons of sagas that are paused, of which a database without sagas has none. */
  override async up(runner: QueryRunner): Promise<void> {
    await super.up(runner);
    const { saga } = this.tables;
    // Not as JSON in SQL: a state may contain text that PostgreSQL cannot parse.
    const paused = (await runner.query(`SELECT id, state FROM ${saga} WHERE status = 'PAUSED'`)) as {
      id: string;
      state: string;
    }[];
    for (const { id, state } of paused) {
      const { pause } = JSON.parse(state) as { pause?: { reason?: string } };
      await runner.query(`UPDATE ${saga} SET pause_reason = $2 WHERE id = $1`, [id, pause?.reason ?? null]);
    }
  }
}

/** The outbox of the orchestrator's events. */
export class CreateLifecycleOutbox1764000000020 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.event_outbox, 'seq', 'id', 'topic', 'key', 'payload', 'created_at');

  upStatements(): string[] {
    return [createEventOutboxTable(this.tables)];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.event_outbox}`];
  }
}

/**
 * A definition's sagas of one status in the order of their ids. `status` has its own index already, so updates within a
 * status stay HOT.
 */
export class ListByDefinitionAndStatus1764000000020 extends TableMigration {
  // CreateSagaSearch replaces the index.
  readonly isApplied = `EXISTS (SELECT FROM pg_index
    WHERE indexrelid = to_regclass('${this.tables.qualified(BY_DEFINITION)}') AND indnatts = 3
       OR indexrelid = to_regclass('${this.tables.qualified('saga_by_version')}'))`;

  upStatements(): string[] {
    return this.indexOn('definition, status, id');
  }

  downStatements(): string[] {
    return this.indexOn('definition, id');
  }

  private indexOn(columns: string): string[] {
    const { tables } = this;
    return [
      `DROP INDEX ${tables.qualified(BY_DEFINITION)}`,
      `CREATE INDEX ${tables.local(BY_DEFINITION)} ON ${tables.saga} (${columns})`,
    ];
  }
}

/** Sagas by the beginning of their business key, too. In the order of bytes, which `LIKE` needs, equal keys are found as before. */
export class FindBySubjectPrefix1764600000005 extends TableMigration {
  // SortSubjectsByStart replaces the index.
  readonly isApplied = `EXISTS (SELECT FROM pg_index JOIN pg_opclass ON pg_opclass.oid = indclass[0]
    WHERE indexrelid = to_regclass('${this.tables.qualified(BY_SUBJECT)}') AND opcname = 'text_pattern_ops'
       OR indexrelid = to_regclass('${this.tables.qualified(BY_SUBJECT_AND_START)}'))`;

  upStatements(): string[] {
    return this.indexOn('subject text_pattern_ops, id');
  }

  downStatements(): string[] {
    return this.indexOn('subject, id');
  }

  private indexOn(columns: string): string[] {
    const { tables } = this;
    return [
      `DROP INDEX ${tables.qualified(BY_SUBJECT)}`,
      `CREATE INDEX ${tables.local(BY_SUBJECT)} ON ${tables.saga} (${columns})`,
    ];
  }
}

/**
 * The index of business keys with the start, by which lists are sorted: sagas whose key begins with a text are sorted
 * without a look at their rows. It is left out when it is there, so that it can be built before, without a lock.
 */
export class SortSubjectsByStart1764700000021 extends TableMigration {
  readonly isApplied = `to_regclass('${this.tables.qualified(BY_SUBJECT_AND_START)}') IS NOT NULL
    AND to_regclass('${this.tables.qualified(BY_SUBJECT)}') IS NULL`;

  upStatements(): string[] {
    const { tables } = this;
    return [
      `CREATE INDEX IF NOT EXISTS ${tables.local(BY_SUBJECT_AND_START)}
         ON ${tables.saga} (subject text_pattern_ops, started_at, id)`,
      `DROP INDEX ${tables.qualified(BY_SUBJECT)}`,
    ];
  }

  downStatements(): string[] {
    const { tables } = this;
    return [
      `CREATE INDEX ${tables.local(BY_SUBJECT)} ON ${tables.saga} (subject text_pattern_ops, id)`,
      `DROP INDEX ${tables.qualified(BY_SUBJECT_AND_START)}`,
    ];
  }
}

/** The orchestrator's migrations, in order. */
export const orchestratorMigrations: TableMigrationClass[] = [
  CreateOrchestratorTables1763600000001,
  AddPauseReason1764000000001,
  CreateOperatorActions1764000000002,
  CreateDeadLetters1764000000003,
  CreateLifecycleOutbox1764000000020,
  ListByDefinitionAndStatus1764000000020,
  CreateIdentity1764000000040,
  OverrideDoubts1764000000061,
  CreateHolds1764500000001,
  CreateIncidents1764600000001,
  CreateOperatorLog1764600000002,
  CreateBulkActions1764600000003,
  GroupDeadLetters1764600000004,
  FindBySubjectPrefix1764600000005,
  CreateStreamChanges1764600000060,
  CreateStatistics1764700000001,
  CreateSagaSearch1764700000020,
  CreateInstances1764700000002,
  SortSubjectsByStart1764700000021,
];

export const ORCHESTRATOR_TABLES: NeededTables = {
  name: 'orchestratorMigrations',
  migrations: orchestratorMigrations,
  rights: {
    saga: 'SELECT, INSERT, UPDATE, DELETE',
    saga_history: 'SELECT, INSERT, DELETE',
    saga_timer: 'SELECT, INSERT, UPDATE, DELETE',
    saga_attribute: 'SELECT, INSERT, DELETE',
    search_key: 'SELECT',
    outbox: 'SELECT, INSERT, UPDATE, DELETE',
    operator_action: 'SELECT, INSERT',
    dead_letter: 'SELECT, INSERT, UPDATE, DELETE',
    event_outbox: 'SELECT, INSERT, DELETE',
    orchestrator: 'SELECT, INSERT, UPDATE',
    saga_definition: 'SELECT, INSERT',
    hold: 'SELECT, INSERT, UPDATE',
    held_step: 'SELECT, INSERT, UPDATE, DELETE',
    participant_health: 'SELECT, INSERT, UPDATE, DELETE',
    saga_incident: 'SELECT, INSERT, UPDATE, DELETE',
    bulk_action: 'SELECT, INSERT, UPDATE',
    bulk_action_item: 'SELECT, INSERT, UPDATE',
    saga_delta: 'SELECT, INSERT, DELETE',
    saga_statistic: 'SELECT, INSERT, UPDATE, DELETE',
    open_saga: 'SELECT, INSERT, UPDATE, DELETE',
    stream_change: 'SELECT, DELETE',
    orchestrator_instance: 'SELECT, INSERT, UPDATE, DELETE',
  },
};
