import { BEGIN } from '@palinode/saga/participant';
import type { DataSource } from 'typeorm';

const MIGRATIONS = 7_253_000;

/**
 * Runs the pending migrations. Instances that start at the same moment take turns; TypeORM by itself takes no lock. The lock
 * is that of a transaction, since a pooler would keep one of the session for whoever comes next.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const turn = dataSource.createQueryRunner();
  try {
    await turn.query(BEGIN);
    await turn.query('SELECT pg_advisory_xact_lock($1)', [MIGRATIONS]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await turn.query('ROLLBACK').catch(() => undefined);
    await turn.release();
  }
}
