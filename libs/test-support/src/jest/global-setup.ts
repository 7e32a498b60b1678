import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../postgres/embedded-postgres';
import { announceSharedServer } from '../postgres/shared-postgres';

/** What `global-teardown.ts` calls. Jest loads the two apart, so that they share no module. */
export const global = globalThis as { stopSharedPostgres?: () => Promise<void> };

/** Starts one PostgreSQL for all test files of the run. */
export default async function setUp(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'palinode-test-postgres-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    // Where root runs the tests, PostgreSQL is another user.
    await chmod(directory, 0o711);
    const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
    announceSharedServer({ adminUrl: postgres.adminUrl, secret: postgres.secret });
    global.stopSharedPostgres = () => postgres.stop().then(remove);
  } catch (error) {
    await remove();
    throw error;
  }
}
