import type { DataSource } from 'typeorm';

const MIGRATIONS = 7_253_000;

/** Runs the pending migrations. Instances that start at the same moment take turns; TypeORM by itself takes no lock. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const turn = dataSource.createQueryRunner();
  try {
    await turn.query('SELECT pg_advisory_lock($1)', [MIGRATIONS]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await turn.query('SELECT pg_advisory_unlock($1)', [MIGRATIONS]).catch(() => undefined);
    await turn.release();
  }
}
