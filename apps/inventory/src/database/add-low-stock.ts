import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An article with fewer available units than this counts as running out. */
export class AddLowStock1763600000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stock ADD COLUMN low_below bigint NOT NULL DEFAULT 5 CHECK (low_below >= 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stock DROP COLUMN low_below');
  }
}
