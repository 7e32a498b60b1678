import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateInvoices1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE invoice (order_id uuid PRIMARY KEY, amount_cents int NOT NULL, status text NOT NULL)',
    );
    await runner.query('CREATE TABLE note (order_id uuid NOT NULL, written_with text NOT NULL)');
    // Not the one of a saga: this service had an outbox before.
    await runner.query('CREATE TABLE outbox (id bigserial PRIMARY KEY, body text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE invoice, note, outbox');
  }
}
