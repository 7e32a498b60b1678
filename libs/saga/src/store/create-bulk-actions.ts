import { hasColumns, TableMigration } from '../messaging';

/** Bulk actions, and the sagas or dead letters that each acts on. */
export class CreateBulkActions1764600000003 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.bulk_action, 'id', 'request', 'status', 'canary', 'leased_until')}
    AND ${hasColumns(this.tables.bulk_action_item, 'bulk_action_id', 'target_id', 'status', 'meant')}`;

  upStatements(): string[] {
    const { bulk_action, bulk_action_item } = this.tables;
    const index = (name: string, on: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${on}`;
    return [
      `
      CREATE TABLE ${bulk_action} (
        id uuid PRIMARY KEY,
        action text NOT NULL,
        operator text NOT NULL,
        reason text NOT NULL,
        request text NOT NULL,
        request_id text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        status text NOT NULL CHECK (status IN ('running', 'waiting', 'paused', 'completed', 'stopped')),
        why text,
        total int NOT NULL,
        canary int,
        canary_passed boolean NOT NULL DEFAULT false,
        rate int NOT NULL,
        stop_on_failure boolean NOT NULL,
        failures_accepted int NOT NULL DEFAULT 0,
        ended_at timestamptz,
        leased_by uuid,
        leased_until timestamptz
      )`,
      `${index('bulk_action_under_way', bulk_action)} (id) WHERE status IN ('running', 'waiting')`,
      `${index('bulk_action_by_status', bulk_action)} (status, id)`,
      `
      CREATE TABLE ${bulk_action_item} (
        bulk_action_id uuid NOT NULL REFERENCES ${bulk_action},
        target_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'skipped', 'failed')),
        at timestamptz,
        reason text,
        detail text,
        revision int,
        meant text,
        PRIMARY KEY (bulk_action_id, target_id)
      )`,
      `${index('bulk_action_item_pending', bulk_action_item)} (bulk_action_id, target_id) WHERE status = 'pending'`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.bulk_action_item}, ${this.tables.bulk_action}`];
  }
}
