import { ConfigurableModuleBuilder, type InjectionToken } from '@nestjs/common';
import { topicsOf, ConfigurationError, type Topics } from '../contract';
import { rememberedMs, type SagaDefinition } from '../definition';
import {
  requireAtLeast,
  tablesIn,
  type ConnectionSettings,
  type KafkaOptions,
  type TableLocation,
  type Tables,
} from '../messaging';
import { HoldRules, type HoldSettings } from '../holds';

const DEAD_LETTER_DAYS = 30;
const PARTICIPANT_INBOX_DAYS = 8;
const DATABASE_URL = /^postgres(ql)?:\/\/./;

/** The options of `OrchestratorModule.forRoot`. The `schema` and `tablePrefix` are those that `migrationsIn` had. */
export interface OrchestratorOptions extends TableLocation {
  /**
   * The orchestrator's name, unique in its cluster: its topics, groups and dead letters carry it. It belongs to its
   * database permanently; see docs/shared-clusters.md. @default 'orchestrator'
   */
  readonly name?: string;
  /**
   * The orchestrator's former name, with the same database. Requests and replies that arrive under it are still
   * processed, and its sagas continue. Keep it until no service uses the old name and its topics are read to the end.
   * @default none
   */
  readonly formerName?: string | undefined;
  /**
   * The identity of a database that ran the orchestrator of this name before and no longer exists, as named in the
   * error with which this one refuses to start. @default none
   */
  readonly takeOverFrom?: string | undefined;
  /** Every definition, each in all versions that still have live sagas. */
  readonly definitions: readonly SagaDefinition[];
  readonly kafka: KafkaOptions;
  /**
   * The URL of the orchestrator's own database; `orchestratorMigrations` creates its tables. Omit it when the module is
   * given a `dataSource`.
   */
  readonly databaseUrl?: string | undefined;
  /** How its connections are opened and monitored. */
  readonly connection?: ConnectionSettings | undefined;
  /** How many days a dead letter is kept after an operator has decided on it. @default 30 */
  readonly deadLetterDays?: number;
  /**
   * How many days a saga is kept with its history after it has ended; 2 or more. A start that arrives later than this
   * after it was sent, less one day, is dead-lettered. @default Infinity
   */
  readonly endedSagaDays?: number;
  /**
   * How many days every participant remembers commands: the smallest `inboxDays` of all. At start the orchestrator
   * warns of definitions whose sagas may wait longer than that before a compensation; the admin API shows until when a
   * saga can surely be compensated. @default 8
   */
  readonly participantInboxDays?: number;
  /**
   * Whether lifecycle events of sagas are published, on `saga.events` or `<name>.events`. Each costs a row and a
   * message. Events about holds are always published there. @default false
   */
  readonly lifecycleEvents?: boolean;
  /**
   * When commands are held because their participant is away, so that no saga fails in its outage; `'never'` if only
   * operators place holds. @default after 10 s of silence, or when half of the answers of 10 s, and at least 20, were
   * failures
   */
  readonly holdAfter?: HoldSettings | undefined;
}

/** What Nest must know before the options are available, also with `forRootAsync`. */
export interface OrchestratorModuleExtras {
  /** Whether all modules of the application may inject the exports without importing this module. @default false */
  readonly isGlobal?: boolean;
  /**
   * The injection token of a TypeORM DataSource: `DataSource`, or `getDataSourceToken('sagas')` of `@nestjs/typeorm`
   * for a named one. The orchestrator connects to the same database with the same settings, but in a pool of its own,
   * because its sessions need other planner settings. @default none; `databaseUrl` is used
   */
  readonly dataSource?: InjectionToken | undefined;
}

/** The module provides the DataSource that it was given under this token. */
export const ORCHESTRATOR_DATA_SOURCE = Symbol('orchestrator data source');

export const { ConfigurableModuleClass: ConfigurableOrchestratorModule, MODULE_OPTIONS_TOKEN: ORCHESTRATOR_OPTIONS } =
  new ConfigurableModuleBuilder<OrchestratorOptions>({ moduleName: 'Orchestrator' })
    .setClassMethodName('forRoot')
    .setExtras<OrchestratorModuleExtras>(
      { isGlobal: false, dataSource: undefined },
      (module, { isGlobal, dataSource }) => ({
        ...module,
        global: isGlobal ?? false,
        providers: [
          ...(module.providers ?? []),
          ...(dataSource === undefined ? [] : [{ provide: ORCHESTRATOR_DATA_SOURCE, useExisting: dataSource }]),
        ],
      }),
    )
    .build();

/**
 * The options with their defaults.
 *
 * @throws ConfigurationError that names the option that is missing or wrong.
 */
export class OrchestratorSettings {
  readonly topics: Topics;
  /** The topics of its former name, if it has one. */
  readonly former: readonly Topics[];
  readonly definitions: readonly SagaDefinition[];
  readonly kafka: KafkaOptions;
  readonly databaseUrl: string | undefined;
  readonly connection: ConnectionSettings | undefined;
  readonly tables: Tables;
  readonly takeOverFrom: string | undefined;
  readonly deadLetterDays: number;
  readonly endedSagaDays: number;
  readonly participantMemoryMs: number;
  readonly lifecycleEvents: boolean;
  readonly holdRules: HoldRules;

  static of(options: OrchestratorOptions, hasDataSource: boolean): OrchestratorSettings {
    return new OrchestratorSettings(options, hasDataSource);
  }

  private constructor(options: OrchestratorOptions, hasDataSource: boolean) {
    const { name, formerName, kafka, databaseUrl, definitions } = options;
    const { endedSagaDays = Infinity, deadLetterDays = DEAD_LETTER_DAYS } = options;
    const { participantInboxDays = PARTICIPANT_INBOX_DAYS } = options;
    if (!(endedSagaDays >= 2))
      throw new ConfigurationError('endedSagaDays must be 2 or more; omit it to keep all sagas.');
    requireAtLeast(0, { deadLetterDays });
    requireAtLeast(2, { participantInboxDays });
    if (definitions.length === 0)
      throw new ConfigurationError(
        'The orchestrator has no definition; add the result of defineSaga(…).build() to `definitions`.',
      );
    assertDatabase(databaseUrl, hasDataSource);
    const prefix = kafka.topicPrefix;
    this.topics = topicsOf({ orchestrator: name, prefix });
    this.former = formerName === undefined ? [] : [topicsOf({ orchestrator: formerName, prefix })];
    this.definitions = definitions;
    this.kafka = kafka;
    this.databaseUrl = databaseUrl;
    this.connection = options.connection;
    this.tables = tablesIn(options);
    this.takeOverFrom = options.takeOverFrom;
    this.deadLetterDays = deadLetterDays;
    this.endedSagaDays = endedSagaDays;
    this.participantMemoryMs = rememberedMs(participantInboxDays);
    this.lifecycleEvents = options.lifecycleEvents ?? false;
    this.holdRules = new HoldRules(options.holdAfter);
  }
}

function assertDatabase(databaseUrl: string | undefined, hasDataSource: boolean): void {
  if (databaseUrl === undefined && !hasDataSource)
    throw new ConfigurationError(
      'The orchestrator has no database; set databaseUrl, or dataSource to the token of a TypeORM DataSource.',
    );
  if (databaseUrl !== undefined && hasDataSource)
    throw new ConfigurationError('The orchestrator has two databases; set either databaseUrl or dataSource.');
  if (databaseUrl !== undefined && !DATABASE_URL.test(databaseUrl))
    throw new ConfigurationError(
      'databaseUrl must be the URL of a PostgreSQL database: postgres://user:password@host:5432/name.',
    );
}
