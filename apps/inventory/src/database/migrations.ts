import { participantMigrations } from '@palinode/saga/participant';
import { CreateEffects1763600000001 } from '@palinode/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

class CreateStock1763600000010 implements MigrationInterface {
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

const PLENTY = 1_000_000;

/** The stock at the shop's opening. The order service keeps the prices of these articles. */
export const OPENING_STOCK: Readonly<Record<string, number>> = {
  'SKU-ESPRESSO-MACHINE': PLENTY,
  'SKU-GRINDER': PLENTY,
  'SKU-BEANS-1KG': PLENTY,
  'SKU-CUP': PLENTY,
  'SKU-KETTLE': PLENTY,
  'SKU-FILTER-100': PLENTY,
  'SKU-SCALE': PLENTY,
  'SKU-LAST-TEN': 10,
  'SKU-OUT-OF-STOCK': 0,
};

class SeedStock1763600000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `INSERT INTO stock (sku, available)
       SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING`,
      [Object.keys(OPENING_STOCK), Object.values(OPENING_STOCK)],
    );
  }

  async down(): Promise<void> {
    // Units that were sold cannot be unsold; the table is dropped by its own migration.
  }
}

/** An article with fewer available units than this counts as running out. */
class AddLowStock1763600000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stock ADD COLUMN low_below bigint NOT NULL DEFAULT 5 CHECK (low_below >= 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stock DROP COLUMN low_below');
  }
}

export const inventoryMigrations = [
  ...participantMigrations,
  CreateEffects1763600000001,
  CreateStock1763600000010,
  SeedStock1763600000011,
  AddLowStock1763600000012,
];
