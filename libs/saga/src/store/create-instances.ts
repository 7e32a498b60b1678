import { hasColumns, TableMigration } from '../messaging';

/** Which orchestrators run, and which definitions each has. */
export class CreateInstances1764700000010 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.orchestrator_instance, 'id', 'host', 'definitions', 'seen_at');

  upStatements(): string[] {
    return [
      `
      CREATE TABLE ${this.tables.orchestrator_instance} (
        id uuid PRIMARY KEY,
        host text NOT NULL,
        definitions text[] NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.orchestrator_instance}`];
  }
}
