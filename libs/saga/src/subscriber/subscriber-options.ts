import { topicsOf, ConfigurationError, type Topics } from '../contract';
import { dataSourceModule, type DataSourceModuleExtras, type FormerTransaction } from '../handlers';
import { requireAtLeast, tablesIn, type KafkaOptions, type TableLocation, type Tables } from '../messaging';

/** The options of `SubscriberModule.forRoot`. The `schema` and `tablePrefix` are those that `migrationsIn` had. */
export interface SubscriberOptions extends TableLocation {
  /** The subscriber's name: its instances share the events as the members of this consumer group. */
  readonly group: string;
  readonly kafka: KafkaOptions;
  /** The name of the orchestrator that keeps its dead letters. @default 'orchestrator' */
  readonly orchestrator?: string;
  /**
   * `per-event`: a transaction for each event. `per-batch`: one transaction for all events of a batch, handled one after the
   * other; much cheaper, and right for handlers that only write to their database.
   * @default 'per-event'
   */
  readonly transaction?: 'per-event' | 'per-batch' | FormerTransaction;
  /** How often an event's handler is called before the event is dead-lettered. @default 5, within about two seconds */
  readonly attempts?: number;
  /** How many days a handled event is remembered; longer than it may be republished. @default 8 */
  readonly inboxDays?: number;
  /** False when the service opens its groups itself, by {@link Subscriber}. @default true */
  readonly opens?: boolean;
}

/** What Nest must know before the options are available, also with `forRootAsync`. */
export type SubscriberModuleExtras = DataSourceModuleExtras;

/** The module provides the DataSource that it was given under this token. */
export const SUBSCRIBER_DATA_SOURCE = Symbol('subscriber data source');

export const { ConfigurableModuleClass: ConfigurableSubscriberModule, MODULE_OPTIONS_TOKEN: SUBSCRIBER_OPTIONS } =
  dataSourceModule<SubscriberOptions>('Subscriber', SUBSCRIBER_DATA_SOURCE);

/**
 * The options with their defaults.
 *
 * @throws ConfigurationError that names the option that is missing or wrong.
 */
export class SubscriberSettings {
  readonly group: string;
  readonly topics: Topics;
  readonly kafka: KafkaOptions;
  readonly transaction: 'per-event' | 'per-batch' | FormerTransaction;
  readonly attempts: number;
  readonly inboxDays: number;
  readonly opens: boolean;
  readonly tables: Tables;

  static of(options: SubscriberOptions): SubscriberSettings {
    return new SubscriberSettings(options);
  }

  private constructor({
    group,
    kafka,
    orchestrator,
    transaction = 'per-event',
    attempts = 5,
    inboxDays = 8,
    opens = true,
    schema,
    tablePrefix,
  }: SubscriberOptions) {
    if (group === '')
      throw new ConfigurationError('A subscriber needs a name of its own: the `group` of SubscriberModule.forRoot.');
    requireAtLeast(1, { attempts, inboxDays });
    this.group = group;
    this.topics = topicsOf({ orchestrator, prefix: kafka.topicPrefix });
    this.kafka = { clientId: group, ...kafka };
    this.transaction = transaction;
    this.attempts = attempts;
    this.inboxDays = inboxDays;
    this.opens = opens;
    this.tables = tablesIn({ schema, tablePrefix });
  }
}
