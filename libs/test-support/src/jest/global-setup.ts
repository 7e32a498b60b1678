import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../postgres/embedded-postgres';
import { announceSharedServer } from '../postgres/shared-postgres';

/** Called by `global-teardown.ts`. A global variable, because jest loads the two files separately. */
export const global = globalThis as { stopSharedPostgres?: () => Promise<void> };

/** Starts one PostgreSQL for all test files of the run. */
export default async function setUp(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'palinode-test-postgres-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    // When root runs the tests, PostgreSQL runs as another user.
    await chmod(directory, 0o711);
    const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
    announceSharedServer({ adminUrl: postgres.adminUrl, secret: postgres.secret });
    global.stopSharedPostgres = () => postgres.stop().then(remove);
  } catch (error) {
    await remove();
    throw error;
  }
}
