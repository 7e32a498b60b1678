import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuthorizations1763600000020 implements MigrationInterface {
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
