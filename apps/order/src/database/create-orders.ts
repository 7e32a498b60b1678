import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrders1763600000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The status is in no index, so that ending an order rewrites none.
    await runner.query(`
      CREATE TABLE orders (
        id uuid PRIMARY KEY,
        saga_id uuid NOT NULL,
        customer_id text NOT NULL,
        status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED')),
        rejected_because text,
        lines json NOT NULL,
        total_cents bigint NOT NULL CHECK (total_cents > 0),
        currency text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz
      ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX ON orders (customer_id, id)');
    await runner.query(`
      CREATE TABLE idempotency_key (
        route text NOT NULL,
        customer_id text NOT NULL,
        key text NOT NULL,
        fingerprint text NOT NULL,
        order_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (route, customer_id, key)
      )`);
    await runner.query('CREATE INDEX ON idempotency_key (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_key, orders');
  }
}
