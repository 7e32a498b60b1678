import {
  BROKER_ADDRESS,
  type ConnectionSettings,
  type HandlerTimeout,
  type KafkaOptions,
} from '@palinode/saga/participant';
import { ArrayMinSize, IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { IsReadableFile } from './environment-rules';
import { KafkaSecurity, kafkaSecurityOf, readSecret } from './kafka-security';
import { Listed } from './listed';

/** The environment variables of a service; the field names are the variables' names. */
export class ServiceEnvironment extends KafkaSecurity {
  /** The address of the HTTP API; by default only this machine can reach it. */
  @IsString()
  HOST: string = '127.0.0.1';

  @IsInt({ message: 'must be a port number; set it to 0 for any free port' })
  @Min(0)
  @Max(65_535)
  PORT: number = 3000;

  /**
   * Host names that clients use, beside `HOST`, the names of this machine and addresses: `shop.example`, `*.example`, `*`.
   */
  @Listed()
  @Matches(/^(?:\*|(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)$/, {
    each: true,
    message: 'must name hosts without ports, separated by commas, such as shop.example,*.shop.example',
  })
  ALLOWED_HOSTS: string[] = [];

  /** How long a connection may be idle between two requests; set it above the load balancer's idle timeout. */
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  HTTP_KEEP_ALIVE_MS: number = 65_000;

  /** How long a client may take from connecting to the end of a request's headers. */
  @IsInt()
  @Min(100)
  @Max(600_000)
  HTTP_HEADERS_MS: number = 10_000;

  /** How long a client may take to send a whole request, and the same again to read the answer. */
  @IsInt()
  @Min(100)
  @Max(600_000)
  HTTP_REQUEST_MS: number = 30_000;

  /** The maximum of open connections; keep it below the process's limit of open files. */
  @IsInt()
  @Min(10)
  @Max(1_000_000)
  HTTP_CONNECTIONS: number = 5_000;

  @Matches(/^postgres(ql)?:\/\/./, {
    message: 'must be the URL of a PostgreSQL database, such as postgres://user:password@127.0.0.1:5432/order',
  })
  DATABASE_URL!: string;

  /** A file with the role's password, instead of one in the URL; read for each connection. */
  @IsOptional()
  @IsReadableFile()
  DATABASE_PASSWORD_FILE?: string;

  /** The maximum of database connections. With fewer than 5, their holders could wait for each other forever. */
  @IsInt({ message: 'must be a number of connections, 5 to 500' })
  @Min(5, { message: 'must be 5 or more: for the event relay, the lock on commands, two transactions, and others' })
  @Max(500)
  DATABASE_CONNECTIONS: number = 16;

  /** `transaction` behind a pooler that gives each transaction another session, such as PgBouncer in transaction mode. */
  @IsIn(['none', 'transaction'])
  DATABASE_POOLER: string = 'none';

  /** Whether statements are prepared once per connection; off by default behind a pooler. */
  @IsOptional()
  @IsIn(['on', 'off'])
  DATABASE_PREPARED_STATEMENTS?: string;

  /** The timeout for opening a connection or getting one from the pool. */
  @IsInt()
  @Min(100)
  @Max(300_000)
  DATABASE_CONNECT_TIMEOUT_MS: number = 10_000;

  /** A connection that waits for an answer and receives nothing for this time is closed; 0 for never. */
  @IsInt()
  @Min(0)
  @Max(3_600_000)
  DATABASE_QUERY_TIMEOUT_MS: number = 60_000;

  /** The idle time before TCP keep-alive probes. */
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  DATABASE_KEEPALIVE_MS: number = 10_000;

  @Listed()
  @ArrayMinSize(1)
  @Matches(BROKER_ADDRESS, {
    each: true,
    message: 'must name brokers as host:port, separated by commas, without blanks, such as 127.0.0.1:9092,[::1]:9092',
  })
  KAFKA_BROKERS!: string[];

  /** The prefix of all topics and groups, for environments that share a cluster, such as `staging.`. */
  @Matches(/^[A-Za-z0-9._-]{0,100}$/, {
    message: 'must be letters, digits, dots, dashes and underscores, at most 100, such as staging.',
  })
  KAFKA_TOPIC_PREFIX: string = '';

  /** Whether the service creates topics that are missing; otherwise its start fails when one is missing. */
  @IsIn(['true', 'false'])
  KAFKA_CREATE_TOPICS: string = 'true';

  /** Partitions of the topics that the service creates; those of commands and replies should have as many. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  KAFKA_PARTITIONS: number = 4;

  /** How messages are sent; they are read whatever their codec. */
  @IsIn(['none', 'gzip'], { message: 'must be none or gzip; for another codec set compression.type of the topics' })
  KAFKA_COMPRESSION: 'none' | 'gzip' = 'none';

  /** How long the partitions of a dead process stay assigned to it; brokers reject values below their minimum. */
  @IsInt()
  @Min(2_000)
  @Max(300_000)
  KAFKA_SESSION_TIMEOUT_MS: number = 6_000;

  /** How long one batch of messages may take before `/consumers` reports the service as stuck. */
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  BATCH_STUCK_AFTER_MS: number = 120_000;

  /** The default timeout of a command handler; 0 for none. */
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  HANDLER_TIMEOUT_MS: number = 4_000;

  /** The URL where faults on demand are armed; without it there are none. Not for production. */
  @IsOptional()
  @IsUrl(
    { require_tld: false, protocols: ['http', 'https'], require_protocol: true },
    { message: 'must be the HTTP URL of the orchestrator' },
  )
  FAULTS_URL?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL: string = 'info';
}

/** The Kafka options for the library's modules. */
export function kafkaOf(environment: ServiceEnvironment): KafkaOptions {
  return {
    brokers: environment.KAFKA_BROKERS,
    topicPrefix: environment.KAFKA_TOPIC_PREFIX,
    createTopics: environment.KAFKA_CREATE_TOPICS === 'true',
    partitions: environment.KAFKA_PARTITIONS,
    compression: environment.KAFKA_COMPRESSION,
    sessionTimeoutMs: environment.KAFKA_SESSION_TIMEOUT_MS,
    stuckAfterMs: environment.BATCH_STUCK_AFTER_MS,
    ...kafkaSecurityOf(environment),
  };
}

/** The database settings of the environment, with defaults. */
export type DatabaseEnvironment = Pick<ServiceEnvironment, 'DATABASE_URL' | 'DATABASE_CONNECTIONS'> &
  Partial<
    Pick<
      ServiceEnvironment,
      `DATABASE_${'POOLER' | 'PASSWORD_FILE' | 'PREPARED_STATEMENTS' | `${'CONNECT' | 'QUERY'}_TIMEOUT_MS` | 'KEEPALIVE_MS'}`
    >
  >;

/** The connection options for the library's modules. */
export function connectionOf(environment: Partial<DatabaseEnvironment>): ConnectionSettings {
  const { DATABASE_PREPARED_STATEMENTS: prepared, DATABASE_PASSWORD_FILE: passwordFile } = environment;
  return {
    pooler: environment.DATABASE_POOLER === 'transaction' ? 'transaction' : 'none',
    preparedStatements: prepared === undefined ? undefined : prepared === 'on',
    connectTimeoutMs: environment.DATABASE_CONNECT_TIMEOUT_MS ?? 10_000,
    queryTimeoutMs: environment.DATABASE_QUERY_TIMEOUT_MS ?? 60_000,
    keepAliveMs: environment.DATABASE_KEEPALIVE_MS ?? 10_000,
    password: passwordFile === undefined ? undefined : () => readSecret(passwordFile),
  };
}

/** The handler timeout for the library's modules. */
export function handlerTimeoutOf({
  HANDLER_TIMEOUT_MS: ms,
}: Pick<ServiceEnvironment, 'HANDLER_TIMEOUT_MS'>): HandlerTimeout {
  return ms === 0 ? 'off' : `${ms}ms`;
}
