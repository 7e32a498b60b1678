import type { MigrationInterface, QueryRunner } from 'typeorm';

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

export class SeedStock1763600000011 implements MigrationInterface {
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
