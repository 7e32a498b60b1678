import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The holds that the orchestrator has published: one row for each, whichever of its two events arrived first. */
export class CreateOutages1764700000040 implements MigrationInterface {
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
