import { participantMigrations } from '@palinode/saga/participant';
import { CreateEffects1763600000001 } from '@palinode/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

class CreateAuthorizations1763600000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE card_authorization (
        id uuid PRIMARY KEY,
        order_id uuid NOT NULL,
        customer_id text NOT NULL,
        amount_cents bigint NOT NULL CHECK (amount_cents > 0),
        currency text NOT NULL,
        status text NOT NULL CHECK (status IN ('AUTHORIZED', 'CAPTURED', 'VOIDED', 'DECLINED')),
        gateway_reference text,
        declined_because text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 80)`);
    await runner.query('CREATE INDEX ON card_authorization (order_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE card_authorization');
  }
}

/**
 * Double entry: the entries of a posting sum to zero per currency and never change. The database enforces both, so a
 * posting is inserted in one statement.
 */
class CreateLedger1763600000021 implements MigrationInterface {
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

class CreateRefunds1763600000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE card_authorization
        ADD COLUMN refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents BETWEEN 0 AND amount_cents)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE card_authorization DROP COLUMN refunded_cents');
  }
}

/** The amounts that the gateway does not refund and that we owe to the customer. */
class AddOwed1764500000033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE card_authorization
        ADD COLUMN owed_cents bigint NOT NULL DEFAULT 0 CHECK (owed_cents BETWEEN 0 AND amount_cents - refunded_cents)`);
    await runner.query('ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_account_check');
    await runner.query(
      `ALTER TABLE ledger_entry ADD CHECK (account IN ('receivable', 'held', 'revenue', 'payable')) NOT VALID`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE card_authorization DROP COLUMN owed_cents');
    await runner.query('ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_account_check');
    await runner.query(`ALTER TABLE ledger_entry ADD CHECK (account IN ('receivable', 'held', 'revenue')) NOT VALID`);
  }
}

export const paymentMigrations = [
  ...participantMigrations,
  CreateEffects1763600000001,
  CreateAuthorizations1763600000020,
  CreateLedger1763600000021,
  CreateRefunds1763600000025,
  AddOwed1764500000033,
];
