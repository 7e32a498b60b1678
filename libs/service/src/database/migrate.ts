import { BEGIN, PipelinedClient } from '@palinode/saga/participant';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { setTimeout as wait } from 'node:timers/promises';
import { LockWatch } from './lock-watch';

const MIGRATIONS = 7_253_000;

export interface MigrationOptions {
  readonly log: { warn(message: string): void };
  /** How long they wait for a lock at once: whoever wants the same table waits behind them. @default 10000 */
  readonly lockWaitMs?: number;
  /** How often they wait for it before the start ends. @default 12 */
  readonly tries?: number;
  /** How long others are let through in between. @default 2000 */
  readonly pauseMs?: number;
}

/** Somebody has kept a lock that the migrations need for too long. */
export class MigrationsBlockedError extends Error {
  override readonly name = 'MigrationsBlockedError';

  constructor(holders: string, tries: number) {
    super(
      `The migrations waited ${tries} times in vain for a lock, which is held by ${holders}. Wait until that has ended, or end ` +
        'it (SELECT pg_terminate_backend(process)), then start again.',
    );
  }
}

/**
 * Runs the pending migrations, all in one transaction. Instances that start at the same moment take turns; TypeORM by itself
 * takes no lock. The lock is that of a transaction, since a pooler would keep one of the session for whoever comes next.
 * Migrations, and the wait for those of another instance, take as long as they take: no query timeout cuts them short.
 *
 * @throws MigrationsBlockedError when somebody keeps a lock that they need.
 */
export async function migrate(dataSource: DataSource, options: MigrationOptions): Promise<void> {
  const { log, tries = 12, pauseMs = 2_000 } = options;
  for (let tried = 1; ; tried += 1) {
    const holders = await migrateOnce(dataSource, options);
    if (holders === undefined) return;
    if (tried === tries) throw new MigrationsBlockedError(holders, tries);
    log.warn(`The migrations let others through, and try again: ${holders} holds a lock that they need`);
    await wait(pauseMs);
  }
}

/** Returns who held the lock for which they waited too long; undefined when all have run. */
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
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATIONS]);
    watch.cancels = true;
    const migrations = new MigrationExecutor(dataSource, runner);
    migrations.transaction = 'none';
    await migrations.executePendingMigrations();
    await runner.query('COMMIT');
    return undefined;
  } catch (error) {
    if (watch?.canceledFor === undefined) throw error;
    return watch.canceledFor;
  } finally {
    await watch?.stop();
    await runner.query('ROLLBACK').catch(() => undefined);
  }
}

async function pidOf(runner: QueryRunner): Promise<number> {
  const [{ pid }] = (await runner.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
  return pid;
}
