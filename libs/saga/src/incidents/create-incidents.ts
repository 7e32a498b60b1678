import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The incident of each saga that is PAUSED or COMPENSATED. Sagas that are paused already are added when an instance
 * starts ({@link IncidentRepair}).
 */
export class CreateIncidents1764600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE saga_incident (
        saga_id uuid PRIMARY KEY,
        incident uuid NOT NULL,
        status text NOT NULL,
        since timestamptz NOT NULL,
        past_pivot boolean NOT NULL
      )`);
    // Counts the sagas of all incidents without reading the table.
    await runner.query('CREATE INDEX saga_incident_groups ON saga_incident (status, since, incident, past_pivot)');
    await runner.query('CREATE INDEX saga_incident_sagas ON saga_incident (incident, saga_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saga_incident');
  }
}
