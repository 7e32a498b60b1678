import { hasColumns, TableMigration } from '../messaging';

/** Holds, the sagas that wait for them, and the health of participants that the instances share. */
export class CreateHolds1764500000001 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.hold, 'id', 'place', 'probe_at', 'release_rate')}
    AND ${hasColumns(this.tables.operator_action, 'hold_id')}
    AND ${hasColumns(this.tables.held_step, 'saga_id', 'step', 'command', 'released_at')}
    AND ${hasColumns(this.tables.participant_health, 'instance', 'command', 'told_at')}`;

  upStatements(): string[] {
    const { hold, held_step, operator_action, participant_health } = this.tables;
    const index = (name: string, on: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${on}`;
    return [
      `
      CREATE TABLE ${hold} (
        id uuid PRIMARY KEY,
        place text NOT NULL,
        service text,
        command text,
        definition text,
        version int,
        step text,
        reason text NOT NULL,
        cause text NOT NULL,
        placed_by text NOT NULL,
        placed_at timestamptz NOT NULL,
        expires_at timestamptz,
        probes int NOT NULL DEFAULT 0,
        probe_at timestamptz,
        ended_at timestamptz,
        ended_by text,
        end_reason text,
        release_rate int
      )`,
      `CREATE UNIQUE INDEX ${this.tables.local('hold_in_force')} ON ${hold} (place) WHERE ended_at IS NULL`,
      // Placing or ending a hold is an operator action without a saga.
      `
      ALTER TABLE ${operator_action} ALTER saga_id DROP NOT NULL, ALTER seq DROP NOT NULL, ADD hold_id uuid,
        ADD CHECK (num_nonnulls(saga_id, hold_id) = 1 AND (saga_id IS NULL) = (seq IS NULL))`,
      `
      CREATE TABLE ${held_step} (
        saga_id uuid NOT NULL,
        step text NOT NULL,
        definition text NOT NULL,
        version int NOT NULL,
        command text NOT NULL,
        since timestamptz NOT NULL,
        probed_at timestamptz,
        claimed_at timestamptz,
        released_at timestamptz,
        PRIMARY KEY (saga_id, step)
      )`,
      `${index('held_step_waiting', held_step)} (command, since, saga_id) WHERE released_at IS NULL`,
      `${index('held_step_released', held_step)} (command) WHERE released_at IS NOT NULL`,
      `
      CREATE TABLE ${participant_health} (
        instance uuid NOT NULL,
        command text NOT NULL,
        answered_at timestamptz NOT NULL,
        succeeded_at timestamptz NOT NULL,
        caught_up_to timestamptz NOT NULL,
        successes int NOT NULL,
        failures int NOT NULL,
        told_at timestamptz NOT NULL,
        PRIMARY KEY (instance, command)
      )`,
    ];
  }

  downStatements(): string[] {
    const { hold, held_step, operator_action, participant_health } = this.tables;
    return [
      `DROP TABLE ${hold}, ${held_step}, ${participant_health}`,
      `DELETE FROM ${operator_action} WHERE saga_id IS NULL`,
      `ALTER TABLE ${operator_action} DROP hold_id, ALTER saga_id SET NOT NULL, ALTER seq SET NOT NULL`,
    ];
  }
}
