import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from '../shop/databases';
import { announceSharedServer } from '../postgres/shared-postgres';

/** Starts one PostgreSQL for all test files of the run. Resolves with what stops it and removes its data. */
export async function startSharedServer(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'palinode-test-postgres-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    // When root runs the tests, PostgreSQL runs as another user.
    await chmod(directory, 0o711);
    const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases: databaseNames });
    announceSharedServer({ adminUrl: postgres.adminUrl, secret: postgres.secret });
    return () => postgres.stop().then(remove);
  } catch (error) {
    await remove();
    throw error;
  }
}
