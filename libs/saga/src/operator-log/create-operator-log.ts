import { ADVISORY_LOCKS, hasColumns, TableMigration } from '../messaging';

/**
 * Makes the table of operator actions a log of everything that operators do, in which nothing can be changed unnoticed.
 * The database itself numbers the entries and chains them by their digests, so that entries of instances of a former
 * release are in the chain, too. It refuses every change of an entry.
 */
export class CreateOperatorLog1764600000002 extends TableMigration {
  readonly isApplied = hasColumns(
    this.tables.operator_action,
    'target',
    'target_id',
    'bulk_action_id',
    'position',
    'hash',
  );

  upStatements(): string[] {
    const { operator_action } = this.tables;
    const index = (name: string, kind = 'INDEX'): string =>
      `CREATE ${kind} ${this.tables.local(name)} ON ${operator_action}`;
    return [
      `
      ALTER TABLE ${operator_action}
        ADD target text, ADD target_id uuid, ADD bulk_action_id uuid,
        ADD position bigint, ADD previous bytea, ADD hash bytea,
        DROP CONSTRAINT ${this.check}`,
      `
      CREATE FUNCTION ${this.digest}(entry ${operator_action}) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat_ws(E'\\n',
          entry.position, encode(entry.previous, 'hex'), entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint,
          entry.operator, entry.action, entry.target, coalesce(entry.target_id::text, ''),
          coalesce(entry.saga_id::text, ''), coalesce(entry.seq::text, ''), coalesce(entry.bulk_action_id::text, ''),
          entry.event), 'UTF8'))
      $$`,
      this.chainExisting(),
      `
      ALTER TABLE ${operator_action} ALTER target SET NOT NULL, ALTER position SET NOT NULL, ALTER previous SET NOT NULL,
        ALTER hash SET NOT NULL,
        ADD CONSTRAINT ${this.check} CHECK (target <> 'saga' OR num_nonnulls(saga_id, seq) = 2)`,
      index('operator_action_by_position', 'UNIQUE INDEX') + ' (position)',
      `${index('operator_action_by_target')} (target_id, id)`,
      `${index('operator_action_by_bulk_action')} (bulk_action_id, id) WHERE bulk_action_id IS NOT NULL`,
      // The lock is held until the commit, so the next entry sees this one. It is taken last in every transaction.
      `
      CREATE FUNCTION ${this.chain}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        last record;
      BEGIN
        IF new.target IS NULL THEN
          new.target := CASE WHEN new.hold_id IS NULL THEN 'saga' ELSE 'hold' END;
          new.target_id := coalesce(new.hold_id, new.saga_id);
        END IF;
        PERFORM pg_advisory_xact_lock(${ADVISORY_LOCKS.operatorLog});
        SELECT position, hash INTO last FROM ${operator_action} ORDER BY position DESC LIMIT 1;
        new.position := coalesce(last.position, 0) + 1;
        new.previous := coalesce(last.hash, '');
        new.hash := ${this.digest}(new);
        RETURN new;
      END $$`,
      `
      CREATE TRIGGER chained BEFORE INSERT ON ${operator_action} FOR EACH ROW EXECUTE FUNCTION ${this.chain}()`,
      `
      CREATE FUNCTION ${this.refuse}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'the operator log is append-only' USING ERRCODE = 'restrict_violation';
      END $$`,
      `
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${operator_action}
        FOR EACH STATEMENT EXECUTE FUNCTION ${this.refuse}()`,
    ];
  }

  downStatements(): string[] {
    const { operator_action } = this.tables;
    return [
      `DROP TRIGGER append_only ON ${operator_action}`,
      `DROP TRIGGER chained ON ${operator_action}`,
      `DROP FUNCTION ${this.refuse}, ${this.chain}, ${this.digest}(${operator_action})`,
      `DELETE FROM ${operator_action} WHERE target NOT IN ('saga', 'hold')`,
      `
      ALTER TABLE ${operator_action} DROP CONSTRAINT ${this.check},
        DROP target, DROP target_id, DROP bulk_action_id, DROP position, DROP previous, DROP hash,
        ADD CONSTRAINT ${this.check} CHECK (num_nonnulls(saga_id, hold_id) = 1 AND (saga_id IS NULL) = (seq IS NULL))`,
    ];
  }

  /** The name that PostgreSQL gave the check of the table. */
  private get check(): string {
    return `${this.tables.local('operator_action')}_check`;
  }

  private get digest(): string {
    return this.tables.qualified('operator_action_digest');
  }

  private get chain(): string {
    return this.tables.qualified('chain_operator_action');
  }

  private get refuse(): string {
    return this.tables.qualified('refuse_change_of_operator_log');
  }

  /** Chains the entries of former releases in the order of their ids. */
  private chainExisting(): string {
    const { operator_action } = this.tables;
    return `
      DO $$
      DECLARE
        entry ${operator_action};
        last bytea := '';
        n bigint := 0;
      BEGIN
        FOR entry IN SELECT * FROM ${operator_action} ORDER BY id LOOP
          n := n + 1;
          entry.position := n;
          entry.previous := last;
          entry.target := CASE WHEN entry.hold_id IS NULL THEN 'saga' ELSE 'hold' END;
          entry.target_id := coalesce(entry.hold_id, entry.saga_id);
          last := ${this.digest}(entry);
          UPDATE ${operator_action} SET position = n, previous = entry.previous, hash = last,
            target = entry.target, target_id = entry.target_id WHERE id = entry.id;
        END LOOP;
      END $$`;
  }
}
