import { hasColumns, TableMigration, type TableName } from '../messaging';

/** What changed in a table: the kind of the change, and the column with the id of what it concerns. */
interface Noted {
  readonly table: TableName;
  readonly kind: string;
  readonly column: string;
  readonly on: readonly ('INSERT' | 'UPDATE' | 'DELETE')[];
}

const NOTED: readonly Noted[] = [
  { table: 'saga_incident', kind: 'incident', column: 'incident', on: ['INSERT', 'UPDATE', 'DELETE'] },
  { table: 'hold', kind: 'hold', column: 'id', on: ['INSERT', 'UPDATE'] },
  { table: 'dead_letter', kind: 'dead-letter', column: 'id', on: ['INSERT', 'UPDATE'] },
  { table: 'bulk_action', kind: 'bulk-action', column: 'id', on: ['INSERT', 'UPDATE'] },
  { table: 'bulk_action_item', kind: 'bulk-action', column: 'bulk_action_id', on: ['UPDATE'] },
  { table: 'operator_action', kind: 'operator-action', column: 'id', on: ['INSERT'] },
];

/**
 * What the live stream of the admin API reads: in which transaction each entry of a history was written, and which
 * incidents, holds, dead letters, bulk actions and operator actions changed in which transaction. The database notes the
 * latter itself, one row for each thing that a statement changed, so that changes of instances of a former release are
 * noted, too.
 */
export class CreateStreamChanges1764600000060 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.stream_change, 'xid', 'at', 'kind', 'id')}
    AND ${hasColumns(this.tables.saga_history, 'xid')}`;

  upStatements(): string[] {
    const { saga_history, stream_change } = this.tables;
    const index = (name: string, on: string): string => `CREATE INDEX ${this.tables.local(name)} ON ${on}`;
    return [
      // Without a default at first, so that entries of former releases have none and the table is not rewritten.
      `ALTER TABLE ${saga_history} ADD xid xid8`,
      `ALTER TABLE ${saga_history} ALTER xid SET DEFAULT pg_current_xact_id()`,
      `${index('saga_history_by_transaction', saga_history)} (xid) WHERE xid IS NOT NULL`,
      `
      CREATE TABLE ${stream_change} (
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        at timestamptz NOT NULL DEFAULT statement_timestamp(),
        kind text NOT NULL,
        id uuid NOT NULL
      )`,
      `${index('stream_change_by_transaction', stream_change)} (xid)`,
      // With the rights of the owner, so that the role of the services needs none to add rows.
      `
      CREATE FUNCTION ${this.note}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN
        EXECUTE format('INSERT INTO ${stream_change} (kind, id) SELECT DISTINCT %L, %I FROM changed', tg_argv[0], tg_argv[1]);
        RETURN NULL;
      END $$`,
      ...NOTED.flatMap((noted) => this.triggersOn(noted)),
    ];
  }

  downStatements(): string[] {
    const { saga_history, stream_change } = this.tables;
    return [
      `DROP FUNCTION ${this.note}() CASCADE`,
      `DROP TABLE ${stream_change}`,
      `ALTER TABLE ${saga_history} DROP xid`,
    ];
  }

  private get note(): string {
    return this.tables.qualified('note_stream_change');
  }

  /** An update of an incident concerns the incident that the saga was in and the one that it is in. */
  private triggersOn({ table, kind, column, on }: Noted): string[] {
    const rows = on.flatMap((event) => {
      if (event === 'DELETE') return { event, rows: 'OLD' };
      const now = { event, rows: 'NEW' };
      return event === 'UPDATE' && column === 'incident' ? [{ event, rows: 'OLD' }, now] : now;
    });
    return rows.map(
      ({ event, rows: which }) => `
      CREATE TRIGGER note_${event.toLowerCase()}_${which.toLowerCase()} AFTER ${event} ON ${this.tables[table]}
        REFERENCING ${which} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ${this.note}('${kind}', '${column}')`,
    );
  }
}
