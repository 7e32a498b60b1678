import { Logger, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ADVISORY_LOCKS, connectionConfig, untilDatabaseAnswers } from '@palinode/saga/participant';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, MigrationExecutor, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { databaseUrl } from './environment.js';

type Migrations = readonly (new () => MigrationInterface)[];

/** The service's own database, migrated. Waits while the server cannot be reached. */
export function databaseModule(migrations: Migrations): DynamicModule {
  const options: DataSourceOptions = {
    type: 'postgres',
    url: databaseUrl,
    migrations: [...migrations],
    extra: connectionConfig(databaseUrl),
  };
  return TypeOrmModule.forRootAsync({
    useFactory: () => options,
    dataSourceFactory: () => untilDatabaseAnswers('connect', () => connect(options), new Logger('Database')),
  });
}

async function connect(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  try {
    await migrate(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

const MOST_TRIES = 5;
/** In this time the other session proceeds. */
const RETRY_AFTER_MS = 2_000;

/**
 * Instances that start at once run the pending migrations one after the other: TypeORM itself takes no lock. A deadlock
 * with an instance that runs already leaves nothing behind, so they are tried again after a pause.
 */
async function migrate(dataSource: DataSource, tries = 1): Promise<void> {
  try {
    await migrateOnce(dataSource);
  } catch (error) {
    const isDeadlock = (error as { code?: unknown }).code === '40P01';
    if (!isDeadlock || tries === MOST_TRIES) throw error;
    await sleep(RETRY_AFTER_MS);
    await migrate(dataSource, tries + 1);
  }
}

function migrateOnce(dataSource: DataSource): Promise<unknown> {
  return dataSource.transaction(async ({ queryRunner }) => {
    await queryRunner?.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.migrations]);
    const migrations = new MigrationExecutor(dataSource, queryRunner);
    migrations.transaction = 'none';
    await migrations.executePendingMigrations();
  });
}
