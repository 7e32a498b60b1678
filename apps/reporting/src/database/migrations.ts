import { subscriberMigrations } from '@palinode/saga/subscriber';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stores facts per order, not sums: later events correct an order's own rows, no two orders write to the same row, and
 * a repeated event changes nothing. Each generation is a complete projection.
 */
class CreateReports1764000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE generation (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        active int NOT NULL,
        building int
      )`);
    await runner.query('INSERT INTO generation (active) VALUES (1)');
    await runner.query(`
      CREATE TABLE sale (
        generation int NOT NULL,
        order_id uuid NOT NULL,
        sku text NOT NULL,
        day date NOT NULL,
        quantity int NOT NULL,
        amount_cents bigint NOT NULL,
        currency text NOT NULL,
        PRIMARY KEY (generation, order_id, sku)
      )`);
    await runner.query('CREATE INDEX ON sale (generation, day)');
    await runner.query(`
      CREATE TABLE rejection (
        generation int NOT NULL,
        order_id uuid NOT NULL,
        day date NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (generation, order_id)
      )`);
    await runner.query('CREATE INDEX ON rejection (generation, day)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rejection, sale, generation');
  }
}

/** Cancelled orders: they do not count as sold, even when their approval arrives later. */
class CreateCancellations1764000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cancellation (
        generation int NOT NULL,
        order_id uuid NOT NULL,
        day date NOT NULL,
        PRIMARY KEY (generation, order_id)
      )`);
    await runner.query('CREATE INDEX ON cancellation (generation, day)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cancellation');
  }
}

/** The revision that an order's sales belong to; an earlier one does not count, even when it arrives later. */
class CreateRevisedOrders1764000000042 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE revised_order (
        generation int NOT NULL,
        order_id uuid NOT NULL,
        revision int NOT NULL,
        PRIMARY KEY (generation, order_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE revised_order');
  }
}

export const reportingMigrations = [
  ...subscriberMigrations,
  CreateReports1764000000040,
  CreateCancellations1764000000041,
  CreateRevisedOrders1764000000042,
];
