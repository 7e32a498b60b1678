import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRevisions1763600000035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders DROP CONSTRAINT orders_status_check');
    await runner.query(`
      ALTER TABLE orders
        ADD COLUMN notice text,
        ADD CONSTRAINT orders_status_check
          CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED', 'REVISING', 'CANCELLING', 'CANCELLED'))`);
    await runner.query(`
      CREATE TABLE revision (
        id uuid PRIMARY KEY,
        order_id uuid NOT NULL REFERENCES orders (id),
        saga_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'ASKED' CHECK (status IN ('ASKED', 'BEGUN', 'DONE', 'DROPPED')),
        dropped_because text,
        lines json NOT NULL,
        total_cents bigint NOT NULL CHECK (total_cents > 0),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 80)`);
    await runner.query('CREATE INDEX ON revision (order_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE revision');
    await runner.query(`
      ALTER TABLE orders
        DROP COLUMN notice,
        DROP CONSTRAINT orders_status_check,
        ADD CONSTRAINT orders_status_check CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED'))`);
  }
}
