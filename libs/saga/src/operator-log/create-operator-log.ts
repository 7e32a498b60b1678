import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS } from '../messaging';

/**
 * Makes the table of operator actions a log of everything that operators do, in which nothing can be changed unnoticed.
 * The database itself numbers the entries and chains them by their digests, so that entries of instances of a former
 * release are in the chain, too. It refuses every change of an entry.
 */
export class CreateOperatorLog1764600000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE operator_action
        ADD target text, ADD target_id uuid, ADD bulk_action_id uuid,
        ADD position bigint, ADD previous bytea, ADD hash bytea,
        DROP CONSTRAINT operator_action_check`);
    await runner.query(`
      CREATE FUNCTION operator_action_digest(entry operator_action) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat_ws(E'\\n',
          entry.position, encode(entry.previous, 'hex'), entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint,
          entry.operator, entry.action, entry.target, coalesce(entry.target_id::text, ''),
          coalesce(entry.saga_id::text, ''), coalesce(entry.seq::text, ''), coalesce(entry.bulk_action_id::text, ''),
          entry.event), 'UTF8'))
      $$`);
    // The lock is held until the commit, so the next entry sees this one. It is taken last in every transaction.
    await runner.query(`
      CREATE FUNCTION chain_operator_action() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        last record;
      BEGIN
        IF new.target IS NULL THEN
          new.target := CASE WHEN new.hold_id IS NULL THEN 'saga' ELSE 'hold' END;
          new.target_id := coalesce(new.hold_id, new.saga_id);
        END IF;
        PERFORM pg_advisory_xact_lock(${ADVISORY_LOCKS.operatorLog});
        SELECT position, hash INTO last FROM operator_action WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
        new.position := coalesce(last.position, 0) + 1;
        new.previous := coalesce(last.hash, '');
        new.hash := operator_action_digest(new);
        RETURN new;
      END $$`);
    await runner.query('CREATE UNIQUE INDEX operator_action_by_position ON operator_action (position)');
    await chainExisting(runner);
    await runner.query(`
      ALTER TABLE operator_action ALTER target SET NOT NULL, ALTER position SET NOT NULL, ALTER previous SET NOT NULL,
        ALTER hash SET NOT NULL, ADD CHECK (target <> 'saga' OR num_nonnulls(saga_id, seq) = 2)`);
    await runner.query('CREATE INDEX operator_action_by_target ON operator_action (target_id, id)');
    await runner.query(
      'CREATE INDEX operator_action_by_bulk_action ON operator_action (bulk_action_id, id) WHERE bulk_action_id IS NOT NULL',
    );
    await runner.query(`
      CREATE TRIGGER chained BEFORE INSERT ON operator_action FOR EACH ROW EXECUTE FUNCTION chain_operator_action()`);
    await runner.query(`
      CREATE FUNCTION refuse_change_of_operator_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'the operator log is append-only' USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_action
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_operator_log()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER append_only ON operator_action');
    await runner.query('DROP TRIGGER chained ON operator_action');
    await runner.query(
      'DROP FUNCTION refuse_change_of_operator_log, chain_operator_action, operator_action_digest(operator_action)',
    );
    await runner.query(
      'DELETE FROM operator_action WHERE saga_id IS NULL AND hold_id IS NULL OR seq IS NULL AND hold_id IS NULL',
    );
    await runner.query(`
      ALTER TABLE operator_action DROP target, DROP target_id, DROP bulk_action_id, DROP position, DROP previous, DROP hash,
        ADD CHECK (num_nonnulls(saga_id, hold_id) = 1 AND (saga_id IS NULL) = (seq IS NULL))`);
  }
}

/** Chains the entries of former releases in the order of their ids. */
async function chainExisting(runner: QueryRunner): Promise<void> {
  await runner.query(`
    UPDATE operator_action SET target = CASE WHEN hold_id IS NULL THEN 'saga' ELSE 'hold' END,
                               target_id = coalesce(hold_id, saga_id)`);
  await runner.query(`
    DO $$
    DECLARE
      entry operator_action;
      last bytea := '';
      n bigint := 0;
    BEGIN
      FOR entry IN SELECT * FROM operator_action ORDER BY id LOOP
        n := n + 1;
        entry.position := n;
        entry.previous := last;
        last := operator_action_digest(entry);
        UPDATE operator_action SET position = n, previous = entry.previous, hash = last WHERE id = entry.id;
      END LOOP;
    END $$`);
}
