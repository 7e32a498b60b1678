import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from './postgres/embedded-postgres';

/** The options of {@link startTestStack}. */
export interface TestStackOptions<Database extends string> {
  /** The databases, one for each service; each is owned by a role of the same name. */
  readonly databases: readonly Database[];
  /**
   * Where the data are kept for the next start. @default a temporary directory, which is removed by `stop`
   */
  readonly directory?: string;
  /** The broker's port. @default a free port */
  readonly kafkaPort?: number;
  /** PostgreSQL's port. @default a free port */
  readonly postgresPort?: number;
}

/** A PostgreSQL server and a broker that speaks Kafka's protocol, on 127.0.0.1, for tests and development. */
export interface TestStack<Database extends string = string> {
  /** The broker's addresses, for `kafka: { brokers }`. */
  readonly brokers: readonly [string];
  /** Where the service that owns this database connects to it. */
  databaseUrl(database: Database): string;
  /** Stops both servers. Close your applications first. */
  stop(): Promise<void>;
}

/**
 * Starts the servers that an orchestrator and its participants need. Nothing has to be installed: PostgreSQL's programs come
 * from npm, and the broker is written in TypeScript. Both end with this process, however it ends.
 *
 * @throws when a port is taken, the directory cannot be used, or there are no PostgreSQL programs for this platform.
 */
export async function startTestStack<const Database extends string>({
  databases,
  directory,
  kafkaPort = 0,
  postgresPort,
}: TestStackOptions<Database>): Promise<TestStack<Database>> {
  const place = directory ?? (await mkdtemp(join(tmpdir(), 'palinode-test-stack-')));
  const removeData = async (): Promise<void> => {
    if (directory === undefined) await rm(place, { recursive: true, force: true });
  };
  const [postgres, kafka] = await Promise.allSettled([
    EmbeddedPostgres.start({
      directory: join(place, 'postgres'),
      databases,
      ...(postgresPort !== undefined && { port: postgresPort }),
    }),
    EmbeddedKafka.start({ directory: join(place, 'kafka'), port: kafkaPort }),
  ]);
  if (postgres.status === 'rejected' || kafka.status === 'rejected') {
    if (postgres.status === 'fulfilled') await postgres.value.stop();
    if (kafka.status === 'fulfilled') await kafka.value.close();
    await removeData();
    throw [postgres, kafka].find((each) => each.status === 'rejected')?.reason;
  }
  return {
    brokers: [kafka.value.address],
    databaseUrl: (database) => {
      if (!databases.includes(database)) {
        throw new Error(`There is no database ${database}; add it to the \`databases\` of startTestStack.`);
      }
      return postgres.value.url(database);
    },
    stop: async () => {
      await kafka.value.close();
      await postgres.value.stop();
      await removeData();
    },
  };
}
