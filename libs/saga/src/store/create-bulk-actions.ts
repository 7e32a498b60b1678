import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bulk actions, and the sagas or dead letters that each acts on. */
export class CreateBulkActions1764600000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bulk_action (
        id uuid PRIMARY KEY,
        action text NOT NULL,
        operator text NOT NULL,
        reason text NOT NULL,
        request text NOT NULL,
        request_id text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        status text NOT NULL CHECK (status IN ('running', 'waiting', 'paused', 'completed', 'stopped')),
        why text,
        total int NOT NULL,
        canary int,
        canary_passed boolean NOT NULL DEFAULT false,
        rate int NOT NULL,
        stop_on_failure boolean NOT NULL,
        failures_accepted int NOT NULL DEFAULT 0,
        ended_at timestamptz,
        leased_by uuid,
        leased_until timestamptz
      )`);
    await runner.query(`
      CREATE INDEX bulk_action_under_way ON bulk_action (id) WHERE status IN ('running', 'waiting')`);
    await runner.query('CREATE INDEX bulk_action_by_status ON bulk_action (status, id)');
    await runner.query(`
      CREATE TABLE bulk_action_item (
        bulk_action_id uuid NOT NULL REFERENCES bulk_action,
        target_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'skipped', 'failed')),
        at timestamptz,
        reason text,
        detail text,
        revision int,
        meant text,
        PRIMARY KEY (bulk_action_id, target_id)
      )`);
    await runner.query(`
      CREATE INDEX bulk_action_item_pending ON bulk_action_item (bulk_action_id, target_id) WHERE status = 'pending'`);
    await runner.query('CREATE INDEX bulk_action_item_by_target ON bulk_action_item (target_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bulk_action_item, bulk_action');
  }
}
