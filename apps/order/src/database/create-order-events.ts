import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrderEvents1763600000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Each order numbers its own events. A change holds the order's row lock, so the numbers have no gaps and no ties.
    await runner.query('ALTER TABLE orders ADD COLUMN revision integer NOT NULL DEFAULT 1');
    await runner.query(`
      CREATE TABLE order_event (
        order_id uuid NOT NULL,
        seq integer NOT NULL,
        event text NOT NULL,
        status text NOT NULL,
        reason text,
        at timestamptz NOT NULL,
        PRIMARY KEY (order_id, seq)
      )`);
    await runner.query(`UPDATE orders SET revision = 2 WHERE status <> 'PENDING'`);
    await runner.query(`
      INSERT INTO order_event (order_id, seq, event, status, reason, at)
      SELECT id, 1, 'placed', 'PENDING', NULL, created_at FROM orders
      UNION ALL
      SELECT id, 2, lower(status), status, rejected_because, coalesce(ended_at, created_at)
      FROM orders WHERE status <> 'PENDING'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_event');
    await runner.query('ALTER TABLE orders DROP COLUMN revision');
  }
}
