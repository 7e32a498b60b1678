import { hasColumns, TableMigration } from '../messaging';

/** The running instances of the orchestrator, as they report themselves. */
export class CreateInstances1764700000002 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.orchestrator_instance, 'id', 'name', 'definitions', 'seen_at');

  upStatements(): string[] {
    return [
      `
      CREATE TABLE ${this.tables.orchestrator_instance} (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        build text,
        definitions jsonb NOT NULL,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL
      )`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.orchestrator_instance}`];
  }
}
