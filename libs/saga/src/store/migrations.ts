import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  CreateDeadLetters1764000000003,
  GroupDeadLetters1764600000004,
  OverrideDoubts1764000000061,
} from '../dead-letters';
import { CreateHolds1764500000001 } from '../holds';
import { CreateIncidents1764600000001 } from '../incidents';
import { CreateBulkActions1764600000003 } from './create-bulk-actions';
import { CreateOperatorLog1764600000002 } from '../operator-log';
import { EVENT_OUTBOX_TABLE, type NeededTables, OUTBOX_TABLE } from '../messaging';

/**
 * Which orchestrator owns this database, and which definitions it has, or had: it starts no saga of another
 * orchestrator.
 */
class CreateIdentity1764000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orchestrator (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        database_id uuid NOT NULL,
        name text NOT NULL
      )`);
    await runner.query('CREATE TABLE saga_definition (name text PRIMARY KEY)');
    await runner.query('INSERT INTO saga_definition (name) SELECT DISTINCT definition FROM saga');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE orchestrator, saga_definition');
  }
}

/** The actions of operators on sagas. They outlive the sagas' history, and no frequent write touches their indexes. */
class CreateOperatorActions1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operator_action (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        operator text NOT NULL,
        action text NOT NULL,
        saga_id uuid NOT NULL,
        seq int NOT NULL,
        event text NOT NULL
      )`);
    await runner.query('CREATE INDEX operator_action_by_saga ON operator_action (saga_id, id)');
    await runner.query('CREATE INDEX operator_action_by_operator ON operator_action (operator, id)');
    await runner.query('CREATE INDEX operator_action_by_action ON operator_action (action, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operator_action');
  }
}

/** The orchestrator's tables. `wake_at` has no index, so that the update of a step stays within its page (HOT). */
export class CreateOrchestratorTables1763600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX_TABLE);
    await runner.query(`
      CREATE TABLE saga (
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
      ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX saga_by_status ON saga (status, id)');
    await runner.query('CREATE INDEX saga_by_definition ON saga (definition, id)');
    await runner.query('CREATE INDEX saga_by_subject ON saga (subject, id)');
    await runner.query(`
      CREATE TABLE saga_history (
        saga_id uuid NOT NULL,
        seq int NOT NULL,
        at timestamptz NOT NULL,
        event text NOT NULL,
        sent text,
        ignored text,
        PRIMARY KEY (saga_id, seq)
      )`);
    // A saga enters once, with its earliest wake-up; the row moves only when it fires too early or must fire earlier.
    await runner.query('CREATE TABLE saga_timer (saga_id uuid PRIMARY KEY, fire_at timestamptz NOT NULL)');
    await runner.query('CREATE INDEX saga_timer_by_time ON saga_timer (fire_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saga, saga_history, saga_timer, outbox');
  }
}

/** Why a saga is paused, so that sagas without their definition are found among any number of others. */
export class AddPauseReason1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE saga ADD COLUMN pause_reason text');
    // Not as JSON in SQL: a state may contain text that PostgreSQL cannot parse.
    const paused = (await runner.query(`SELECT id, state FROM saga WHERE status = 'PAUSED'`)) as {
      id: string;
      state: string;
    }[];
    for (const { id, state } of paused) {
      const { pause } = JSON.parse(state) as { pause?: { reason?: string } };
      await runner.query('UPDATE saga SET pause_reason = $2 WHERE id = $1', [id, pause?.reason ?? null]);
    }
    // Only pausing and resuming change this column, and they move the saga in `saga_by_status` anyway: other updates
    // stay HOT.
    await runner.query(
      `CREATE INDEX saga_without_definition ON saga (definition, version, id) WHERE pause_reason = 'definition-missing'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE saga DROP COLUMN pause_reason');
  }
}

/** The outbox of the orchestrator's events. */
export class CreateLifecycleOutbox1764000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVENT_OUTBOX_TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_outbox');
  }
}

export const ORCHESTRATOR_TABLES: NeededTables = {
  migrations: 'orchestratorMigrations',
  rights: {
    saga: 'SELECT, INSERT, UPDATE, DELETE',
    saga_history: 'SELECT, INSERT, DELETE',
    saga_timer: 'SELECT, INSERT, UPDATE, DELETE',
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
  },
};

/**
 * A definition's sagas of one status in the order of their ids. `status` has its own index already, so updates within a
 * status stay HOT.
 */
export class ListByDefinitionAndStatus1764000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX saga_by_definition');
    await runner.query('CREATE INDEX saga_by_definition ON saga (definition, status, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX saga_by_definition');
    await runner.query('CREATE INDEX saga_by_definition ON saga (definition, id)');
  }
}

/** The orchestrator's migrations, in order. */
export const orchestratorMigrations = [
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
];
