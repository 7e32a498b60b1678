import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The articles at the shop's opening. The inventory service keeps their stock. */
const ASSORTMENT: readonly (readonly [sku: string, name: string, priceCents: number])[] = [
  ['SKU-ESPRESSO-MACHINE', 'Espresso machine', 64_900],
  ['SKU-GRINDER', 'Burr grinder', 18_900],
  ['SKU-BEANS-1KG', 'Coffee beans, 1 kg', 2_490],
  ['SKU-CUP', 'Porcelain cup', 1_250],
  ['SKU-KETTLE', 'Gooseneck kettle', 7_990],
  ['SKU-FILTER-100', 'Paper filters, 100', 590],
  ['SKU-SCALE', 'Kitchen scale', 3_450],
  ['SKU-LAST-TEN', 'Limited cup, ten made', 4_900],
  ['SKU-OUT-OF-STOCK', 'Cup that is sold out', 1_250],
];

export class CreateCatalogue1763600000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE catalogue_item (
        sku text PRIMARY KEY,
        name text NOT NULL,
        price_cents bigint NOT NULL CHECK (price_cents > 0),
        currency text NOT NULL
      )`);
    await runner.query(
      `INSERT INTO catalogue_item (sku, name, price_cents, currency)
       SELECT *, 'EUR' FROM unnest($1::text[], $2::text[], $3::bigint[])`,
      [ASSORTMENT.map(([sku]) => sku), ASSORTMENT.map(([, name]) => name), ASSORTMENT.map(([, , price]) => price)],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE catalogue_item');
  }
}
