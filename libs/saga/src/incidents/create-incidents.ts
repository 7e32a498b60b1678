import { hasColumns, TableMigration } from '../messaging';

/**
 * The incident of each saga that is PAUSED or COMPENSATED. Sagas that are paused already are added when an instance
 * starts ({@link IncidentRepair}).
 */
export class CreateIncidents1764600000001 extends TableMigration {
  readonly isApplied = hasColumns(this.tables.saga_incident, 'saga_id', 'incident', 'status', 'since', 'past_pivot');

  upStatements(): string[] {
    const { saga_incident } = this.tables;
    const index = (name: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${saga_incident}`;
    return [
      `
      CREATE TABLE ${saga_incident} (
        saga_id uuid PRIMARY KEY,
        incident uuid NOT NULL,
        status text NOT NULL,
        since timestamptz NOT NULL,
        past_pivot boolean NOT NULL
      )`,
      // Counts the sagas of all incidents without reading the table.
      `${index('saga_incident_groups')} (status, since, incident, past_pivot)`,
      `${index('saga_incident_sagas')} (incident, saga_id)`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.saga_incident}`];
  }
}
