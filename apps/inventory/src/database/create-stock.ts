import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStock1763600000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Every sale updates a stock row; free space in its page keeps the new version beside the old one (HOT updates).
    await runner.query(`
      CREATE TABLE stock (
        sku text PRIMARY KEY,
        available bigint NOT NULL CHECK (available >= 0),
        reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0)
      ) WITH (fillfactor = 20)`);
    await runner.query(`
      CREATE TABLE reservation (
        order_id uuid NOT NULL,
        sku text NOT NULL REFERENCES stock (sku),
        quantity integer NOT NULL CHECK (quantity > 0),
        status text NOT NULL CHECK (status IN ('RESERVED', 'RELEASED', 'COMMITTED')),
        reservation_id uuid NOT NULL,
        PRIMARY KEY (order_id, sku)
      ) WITH (fillfactor = 80)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reservation, stock');
  }
}
