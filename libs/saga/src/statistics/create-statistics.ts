import { hasColumns, TableMigration } from '../messaging';

/**
 * The statistics of sagas: what updates add, until it is rolled up; what is rolled up, by interval; and how many sagas
 * have not ended. Those of sagas that an earlier release started are counted when an instance starts.
 */
export class CreateStatistics1764700000001 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.saga_delta, 'id', 'deltas')}
    AND ${hasColumns(this.tables.saga_statistic, 'definition', 'seconds', 'at', 'counts')}
    AND ${hasColumns(this.tables.open_saga, 'definition', 'version', 'started', 'open')}`;

  upStatements(): string[] {
    const { saga_delta, saga_statistic, open_saga } = this.tables;
    return [
      `
      CREATE TABLE ${saga_delta} (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        deltas text NOT NULL
      )`,
      `
      CREATE TABLE ${saga_statistic} (
        definition text NOT NULL,
        seconds int NOT NULL,
        at timestamptz NOT NULL,
        counts jsonb NOT NULL,
        PRIMARY KEY (definition, seconds, at)
      ) WITH (fillfactor = 50)`,
      `
      CREATE TABLE ${open_saga} (
        definition text NOT NULL,
        version int NOT NULL,
        started timestamptz NOT NULL,
        open int NOT NULL,
        PRIMARY KEY (definition, version, started)
      ) WITH (fillfactor = 50)`,
    ];
  }

  downStatements(): string[] {
    const { saga_delta, saga_statistic, open_saga } = this.tables;
    return [`DROP TABLE ${saga_delta}, ${saga_statistic}, ${open_saga}`];
  }
}
