import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds rows to delete without scanning the whole table. */
export class IndexByAge1763600000037 implements MigrationInterface {
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
