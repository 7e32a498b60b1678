import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** TypeORM's own pool of node-postgres, for prepared statements. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
