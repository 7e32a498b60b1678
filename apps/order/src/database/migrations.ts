import { participantMigrations } from '@palinode/saga/participant';
import { subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateEffects1763600000001 } from '@palinode/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CreateWebhookDeliveries1763600000036 } from '../webhooks/create-webhook-deliveries';

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

class CreateCatalogue1763600000030 implements MigrationInterface {
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

class CreateOrders1763600000031 implements MigrationInterface {
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

class CreateOrderEvents1763600000032 implements MigrationInterface {
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

class CreateRevisions1763600000035 implements MigrationInterface {
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

/** Finds rows to delete without scanning the whole table. */
class IndexByAge1763600000037 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX order_event_at ON order_event (at)');
    await runner.query(
      'CREATE INDEX webhook_delivery_ended_at ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX order_event_at, webhook_delivery_ended_at');
  }
}

/** The idempotency key of the request that asked for a revision. */
class AddRevisionKeys1764500000038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE revision
        ADD COLUMN idempotency_key text,
        ADD COLUMN fingerprint text,
        ADD COLUMN difference_cents bigint,
        ADD UNIQUE (order_id, idempotency_key)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE revision DROP COLUMN idempotency_key, DROP COLUMN fingerprint, DROP COLUMN difference_cents',
    );
  }
}

class AskForConsent1764600000039 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE revision
        ADD COLUMN asked_cents bigint,
        ADD COLUMN consent boolean,
        DROP CONSTRAINT revision_status_check,
        ADD CONSTRAINT revision_status_check CHECK (status IN ('ASKED', 'BEGUN', 'COMMITTED', 'DONE', 'DROPPED'))`);
    // An order that is held for a revision still has the price from which it began.
    await runner.query(`
      UPDATE revision SET asked_cents = revision.total_cents - orders.total_cents
      FROM orders WHERE orders.id = revision.order_id AND revision.status = 'BEGUN'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE revision
        DROP COLUMN asked_cents,
        DROP COLUMN consent,
        DROP CONSTRAINT revision_status_check,
        ADD CONSTRAINT revision_status_check CHECK (status IN ('ASKED', 'BEGUN', 'DONE', 'DROPPED'))`);
  }
}

/** The holds that the orchestrator has published: one row for each, whichever of its two events arrived first. */
class CreateOutages1764700000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outage (
        hold_id uuid PRIMARY KEY,
        service text,
        command text,
        definition text,
        since timestamptz NOT NULL,
        ended_at timestamptz
      )`);
    await runner.query('CREATE INDEX outage_going_on ON outage (since) WHERE ended_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outage');
  }
}

export const orderMigrations = [
  ...participantMigrations,
  ...subscriberMigrations,
  CreateEffects1763600000001,
  CreateCatalogue1763600000030,
  CreateOrders1763600000031,
  CreateOrderEvents1763600000032,
  CreateRevisions1763600000035,
  CreateWebhookDeliveries1763600000036,
  IndexByAge1763600000037,
  AddRevisionKeys1764500000038,
  AskForConsent1764600000039,
  CreateOutages1764700000040,
];
