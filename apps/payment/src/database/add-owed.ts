import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The amounts that the gateway does not refund and that we owe to the customer. */
export class AddOwed1764500000033 implements MigrationInterface {
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
