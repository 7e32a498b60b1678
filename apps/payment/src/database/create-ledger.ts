import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Double entry: the entries of a posting sum to zero per currency and never change. The database enforces both, so a posting
 * is inserted in one statement.
 */
export class CreateLedger1763600000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        posting_id uuid NOT NULL,
        order_id uuid NOT NULL,
        account text NOT NULL CHECK (account IN ('receivable', 'held', 'revenue')),
        amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
        currency text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query(`
      CREATE FUNCTION refuse_unbalanced_posting() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM entered GROUP BY posting_id, currency HAVING sum(amount_cents) <> 0) THEN
          RAISE EXCEPTION 'the entries of a posting must sum to zero' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER postings_balance AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS entered
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_posting()`);
    await runner.query(`
      CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the ledger is append-only; post the opposite instead' USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_entry');
    await runner.query('DROP FUNCTION refuse_unbalanced_posting, refuse_change_of_ledger');
  }
}
