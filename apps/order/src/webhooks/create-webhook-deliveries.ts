import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateWebhookDeliveries1763600000036 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders ADD COLUMN webhook_url text');
    // due_at is when the next attempt may begin. An instance that begins an attempt moves it forward, as a lease.
    await runner.query(`
      CREATE TABLE webhook_delivery (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        order_id uuid NOT NULL,
        seq integer NOT NULL,
        url text NOT NULL,
        host text NOT NULL GENERATED ALWAYS AS (coalesce(substring(url from '^https?://([^/?#]+)'), '')) STORED,
        status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'DELIVERED', 'GIVEN_UP')),
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz,
        UNIQUE (order_id, seq)
      )`);
    await runner.query(`CREATE INDEX ON webhook_delivery (host, due_at) WHERE status = 'PENDING'`);
    await runner.query(`
      CREATE TABLE webhook_attempt (
        delivery_id uuid NOT NULL,
        attempt integer NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        took_ms integer NOT NULL,
        http_status integer,
        problem text,
        PRIMARY KEY (delivery_id, attempt)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_attempt, webhook_delivery');
    await runner.query('ALTER TABLE orders DROP COLUMN webhook_url');
  }
}
