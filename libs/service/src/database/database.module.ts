import { Logger, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import {
  assertSession,
  connectionConfig,
  explainRefusal,
  poolOf,
  surviveBrokenConnections,
  untilDatabaseAnswers,
} from '@palinode/saga/participant';
import { connectionOf, type DatabaseEnvironment } from '../environment/service-environment';
import { EnvironmentError } from '../environment/read-environment';
import { migrate } from './migrate';

export interface DatabaseOptions {
  readonly environment: DatabaseEnvironment;
  readonly service: string;
  /** In execution order. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** The service's database, migrated before anything else uses it. The start waits for an unreachable database. */
export function databaseModule(options: DatabaseOptions): DynamicModule {
  const log = new Logger('Database');
  return TypeOrmModule.forRootAsync({
    // TypeORM must not retry: a broken migration stays broken, and this module itself waits for an unreachable database.
    useFactory: () => ({ ...dataSourceOptions(options), toRetry: () => false }),
    dataSourceFactory: () => untilDatabaseAnswers('connect', () => connect(options, log), log),
  });
}

/** A connected and migrated DataSource; close it with `destroy()`. */
export async function connect(options: DatabaseOptions, log = new Logger('Database')): Promise<DataSource> {
  const dataSource = await new DataSource(dataSourceOptions(options)).initialize().catch(explain);
  surviveBrokenConnections(poolOf(dataSource));
  try {
    await assertSession(poolOf(dataSource));
    await migrate(dataSource, { log });
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    return explain(error);
  }
}

/** Turns errors that waiting cannot fix into errors with a remedy. */
function explain(error: unknown): never {
  if (!/unsupported startup parameter/.test(String(error))) return explainRefusal(error);
  throw new EnvironmentError([
    `DATABASE_URL leads to a pooler that refuses settings of a connection (${String(error)}); set DATABASE_POOLER=transaction.`,
  ]);
}

function dataSourceOptions({ environment, service, migrations }: DatabaseOptions): DataSourceOptions {
  return {
    type: 'postgres',
    url: environment.DATABASE_URL,
    applicationName: service,
    migrations: [...migrations],
    extra: {
      ...connectionConfig(environment.DATABASE_URL, connectionOf(environment)),
      max: environment.DATABASE_CONNECTIONS,
    },
  };
}
