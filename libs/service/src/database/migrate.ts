import { ADVISORY_LOCKS, BEGIN, PipelinedClient } from '@palinode/saga/participant';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { setTimeout as wait } from 'node:timers/promises';
import { LockWatch } from './lock-watch';

export interface MigrationOptions {
  readonly log: { warn(message: string): void };
  /** How long one attempt waits for a lock; other sessions that want the table wait behind it. @default 10000 */
  readonly lockWaitMs?: number;
  /** Attempts before the start fails. @default 12 */
  readonly tries?: number;
  /** The pause between attempts, in which other sessions proceed. @default 2000 */
  readonly retryAfterMs?: number;
}

/** Another session has held a lock that the migrations need for too long. */
export class MigrationsBlockedError extends Error {
  override readonly name = 'MigrationsBlockedError';

  constructor(holders: string, tries: number) {
    super(
      `The migrations gave up after ${tries} attempts to get a lock that is held by ${holders}. Wait until that has ended, or end ` +
        'it (SELECT pg_terminate_backend(process)), then start again.',
    );
  }
}

/**
 * Runs the pending migrations in one transaction. Instances that start at the same time run one after another; TypeORM
 * itself takes no lock. It is a transaction's lock, because a pooler would keep a session's lock for its next client.
 * Migrations, and the wait for those of another instance, have no query timeout. After a deadlock with another session
 * they are tried again.
 * @throws MigrationsBlockedError when another session keeps a lock that they need.
 */
export async function migrate(dataSource: DataSource, options: MigrationOptions): Promise<void> {
  const { log, tries = 12, retryAfterMs: pauseMs = 2_000 } = options;
  for (let tried = 1; ; tried += 1) {
    const holders = await migrateOnce(dataSource, options);
    if (holders === undefined) return;
    if (tried === tries) throw new MigrationsBlockedError(holders, tries);
    log.warn(`The migrations release other sessions and retry: ${holders} holds a lock that they need`);
    await wait(pauseMs);
  }
}

/** Returns the holders of the lock that they waited for too long; undefined when all have run. */
async function migrateOnce(dataSource: DataSource, options: MigrationOptions): Promise<string | undefined> {
  const runner = dataSource.createQueryRunner();
  try {
    const client: unknown = await runner.connect();
    const run = (): Promise<string | undefined> => runPending(dataSource, runner, options);
    return await (client instanceof PipelinedClient ? client.withoutQueryTimeout(run) : run());
  } finally {
    await runner.release();
  }
}

async function runPending(
  dataSource: DataSource,
  runner: QueryRunner,
  { log, lockWaitMs = 10_000 }: MigrationOptions,
): Promise<string | undefined> {
  let watch: LockWatch | undefined;
  try {
    await runner.query(BEGIN);
    watch = new LockWatch(dataSource, await pidOf(runner), lockWaitMs, (holders) =>
      log.warn(`The migrations wait for a lock that is held by ${holders}`),
    );
    await runner.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.migrations]);
    watch.cancels = true;
    const migrations = new MigrationExecutor(dataSource, runner);
    migrations.transaction = 'none';
    await migrations.executePendingMigrations();
    await runner.query('COMMIT');
    return undefined;
  } catch (error) {
    if (isDeadlock(error)) return 'a session that in turn waits for them (a deadlock)';
    if (watch?.canceledFor === undefined) throw error;
    return watch.canceledFor;
  } finally {
    await watch?.stop();
    await runner.query('ROLLBACK').catch(() => undefined);
  }
}

/** A session that runs meanwhile, such as an instance of the former release, may lock the tables in another order. */
function isDeadlock(error: unknown): boolean {
  return (error as { code?: unknown }).code === '40P01';
}

async function pidOf(runner: QueryRunner): Promise<number> {
  const [{ pid }] = (await runner.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
  return pid;
}
