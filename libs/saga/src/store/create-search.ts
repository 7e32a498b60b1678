import { hasColumns, TableMigration } from '../messaging';

/**
 * What lists of sagas are filtered and sorted by. `steps` and `services`, separated by commas, change with nearly every
 * update and have no index, so that the update stays within its page (HOT); the other columns change only with the status.
 * They are texts, which are shorter than arrays, and are taken apart when a list is read. Each statement leaves out
 * what is there, so that the indexes of a large table can be built before, without a lock.
 */
export class CreateSagaSearch1764700000020 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.saga, 'steps', 'services', 'cause', 'cause_step', 'cause_service', 'attributes')}
    AND ${hasColumns(this.tables.saga_attribute, 'name', 'value', 'started_at', 'saga_id')}
    AND ${hasColumns(this.tables.search_key, 'singleton', 'key')}
    AND to_regclass('${this.tables.qualified('saga_by_end')}') IS NOT NULL`;

  upStatements(): string[] {
    const { tables } = this;
    const { saga, saga_attribute, search_key } = tables;
    const columns = [
      'steps text',
      'services text',
      'cause text',
      'cause_step text',
      'cause_service text',
      'attributes text',
    ];
    const ofCompensated = `WHERE status = 'COMPENSATED'`;
    return [
      `ALTER TABLE ${saga} ${columns.map((column) => `ADD COLUMN IF NOT EXISTS ${column}`).join(', ')}`,
      this.index('saga_by_start', 'status, started_at, id'),
      this.index('saga_by_version', 'definition, version, status, started_at, id'),
      this.index('saga_by_end', 'status, ended_at, id', 'WHERE ended_at IS NOT NULL'),
      this.index('saga_by_cause', 'cause, started_at, id', ofCompensated),
      this.index('saga_by_cause_step', 'cause_step, started_at, id', ofCompensated),
      this.index('saga_by_cause_service', 'cause_service, started_at, id', ofCompensated),
      `DROP INDEX ${tables.qualified('saga_by_status')}, ${tables.qualified('saga_by_definition')}`,
      `
      CREATE TABLE ${saga_attribute} (
        name text COLLATE "C" NOT NULL,
        value text COLLATE "C" NOT NULL,
        started_at timestamptz NOT NULL,
        saga_id uuid NOT NULL,
        PRIMARY KEY (name, value, started_at, saga_id)
      )`,
      `
      CREATE TABLE ${search_key} (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        key bytea NOT NULL
      )`,
      `INSERT INTO ${search_key} (key) SELECT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')`,
    ];
  }

  downStatements(): string[] {
    const { saga, saga_attribute, search_key } = this.tables;
    const columns = ['steps', 'services', 'cause', 'cause_step', 'cause_service', 'attributes'];
    const names = ['saga_by_start', 'saga_by_version', 'saga_by_end'].map((name) => this.tables.qualified(name));
    return [
      `DROP TABLE ${saga_attribute}, ${search_key}`,
      `DROP INDEX ${names.join(', ')}`,
      `ALTER TABLE ${saga} ${columns.map((column) => `DROP COLUMN ${column}`).join(', ')}`,
      this.index('saga_by_status', 'status, id'),
      this.index('saga_by_definition', 'definition, status, id'),
    ];
  }

  private index(name: string, columns: string, where = ''): string {
    return `CREATE INDEX IF NOT EXISTS ${this.tables.local(name)} ON ${this.tables.saga} (${columns}) ${where}`.trimEnd();
  }
}
