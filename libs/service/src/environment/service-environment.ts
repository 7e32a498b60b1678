import { BROKER_ADDRESS } from '@palinode/saga/participant';
import { Transform } from 'class-transformer';
import { ArrayMinSize, IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';

/** What a service is told by environment variables; the field names are the variables' names. */
export class ServiceEnvironment {
  /** Where the HTTP API listens; only this machine unless told otherwise. */
  @IsString()
  HOST: string = '127.0.0.1';

  @IsInt({ message: 'must be a port number; set it to 0 for any free port' })
  @Min(0)
  @Max(65_535)
  PORT: number = 3000;

  /** Names by which it is reached, beside `HOST`, the names of this machine and addresses: `shop.example`, `*.example`, `*`. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value))
  @Matches(/^(?:\*|(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)$/, {
    each: true,
    message: 'must name hosts without ports, separated by commas, such as shop.example,*.shop.example',
  })
  ALLOWED_HOSTS: string[] = [];

  /** How long a connection may be idle between two requests; longer than the load balancer in front keeps it. */
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  HTTP_KEEP_ALIVE_MS: number = 65_000;

  /** How long a client may take to send the headers of a request, from the moment at which it connects. */
  @IsInt()
  @Min(100)
  @Max(600_000)
  HTTP_HEADERS_MS: number = 10_000;

  /** How long a client may take to send a whole request, and as long again to read its answer. */
  @IsInt()
  @Min(100)
  @Max(600_000)
  HTTP_REQUEST_MS: number = 30_000;

  /** So many connections may be open at once; fewer than the process may open files. */
  @IsInt()
  @Min(10)
  @Max(1_000_000)
  HTTP_CONNECTIONS: number = 5_000;

  @Matches(/^postgres(ql)?:\/\/./, {
    message: 'must be the URL of a PostgreSQL database, such as postgres://user:password@127.0.0.1:5432/order',
  })
  DATABASE_URL!: string;

  /** The most connections to the database. With fewer than 5, those that hold one could wait for each other for ever. */
  @IsInt({ message: 'must be a number of connections, 5 to 500' })
  @Min(5, { message: 'must be 5 or more: for the event relay, the lock on commands, two transactions, and others' })
  @Max(500)
  DATABASE_CONNECTIONS: number = 16;

  /** `transaction` behind a pooler that gives each transaction another session, such as PgBouncer in transaction mode. */
  @IsIn(['none', 'transaction'])
  DATABASE_POOLER: string = 'none';

  /** Whether statements are prepared once per connection; behind a pooler only when told. */
  @IsOptional()
  @IsIn(['on', 'off'])
  DATABASE_PREPARED_STATEMENTS?: string;

  /** How long opening a connection, or waiting for a free one of the pool, may take. */
  @IsInt()
  @Min(100)
  @Max(300_000)
  DATABASE_CONNECT_TIMEOUT_MS: number = 10_000;

  /** A connection that owes an answer and has been silent for so long is closed; 0 for never. */
  @IsInt()
  @Min(0)
  @Max(3_600_000)
  DATABASE_QUERY_TIMEOUT_MS: number = 60_000;

  /** How long a connection may be idle before TCP asks whether the other end is there. */
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  DATABASE_KEEPALIVE_MS: number = 10_000;

  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value))
  @ArrayMinSize(1)
  @Matches(BROKER_ADDRESS, {
    each: true,
    message: 'must name brokers as host:port, separated by commas, without blanks, such as 127.0.0.1:9092,[::1]:9092',
  })
  KAFKA_BROKERS!: string[];

  /** Stands before the names of all topics and groups, for environments that share a cluster, such as `staging.`. */
  @Matches(/^[A-Za-z0-9._-]{0,100}$/, {
    message: 'must be letters, digits, dots, dashes and underscores, at most 100, such as staging.',
  })
  KAFKA_TOPIC_PREFIX: string = '';

  /** Partitions of the topics that the service creates. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  KAFKA_PARTITIONS: number = 4;

  /** How long a process that died keeps its partitions from the others; brokers refuse less than they are set to. */
  @IsInt()
  @Min(2_000)
  @Max(300_000)
  KAFKA_SESSION_TIMEOUT_MS: number = 6_000;

  /** How long work on one batch of messages may take before `/readyz` says that the service is stuck. */
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  BATCH_STUCK_AFTER_MS: number = 120_000;

  /** How long the handler of a command may take, unless it says otherwise itself; 0 for ever. */
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  HANDLER_TIMEOUT_MS: number = 4_000;

  /** Where faults on demand are armed; without it there are none. Not for production. */
  @IsOptional()
  @IsUrl(
    { require_tld: false, protocols: ['http', 'https'], require_protocol: true },
    { message: 'must be the HTTP URL of the orchestrator' },
  )
  FAULTS_URL?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL: string = 'info';
}
