import { subscriberMigrations } from '@palinode/saga/subscriber';
import type { MigrationInterface, QueryRunner } from 'typeorm';

class CreateNotifications1764000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notification (
        order_id uuid NOT NULL,
        kind text NOT NULL,
        customer_id text NOT NULL,
        subject text NOT NULL,
        text text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (order_id, kind)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notification');
  }
}

/** An order may be revised more than once, with a notification for each revision. */
class TellOfRevisions1764000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notification ADD COLUMN revision integer NOT NULL DEFAULT 0,
        DROP CONSTRAINT notification_pkey, ADD PRIMARY KEY (order_id, kind, revision)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM notification WHERE revision > 0');
    await runner.query(`
      ALTER TABLE notification DROP CONSTRAINT notification_pkey, ADD PRIMARY KEY (order_id, kind),
        DROP COLUMN revision`);
  }
}

export const notificationsMigrations = [
  ...subscriberMigrations,
  CreateNotifications1764000000030,
  TellOfRevisions1764000000031,
];
