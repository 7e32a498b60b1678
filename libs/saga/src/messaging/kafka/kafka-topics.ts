import { type Admin, ConfigResourceTypes, type Kafka, KafkaJSServerDoesNotSupportApiKey } from 'kafkajs';
import { ConfigurationError, createTopic, neededTopic, useOf } from '../../contract';
import type { Log } from '../logger';
import { isOfType } from './error-type';
import { checkTopics, type FoundTopic } from './topic-check';

export interface TopicOptions {
  /** Whether this process creates topics that are missing. */
  readonly create: boolean;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** The brokers for Kafka's tools: `host:port`, separated by commas. */
  readonly bootstrapServer: string;
}

/** The errors that need another name of a topic, or other permissions for this service. */
const NEVER_CREATED = [
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'POLICY_VIOLATION',
  'INVALID_PARTITIONS',
];

/**
 * The topics that this process needs. If a broker loses them with its log, they are created again, unless others create
 * the topics.
 */
export class KafkaTopics {
  private readonly needed = new Set<string>();
  private readonly warned = new Set<string>();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: TopicOptions,
    private readonly log: Log,
  ) {}

  /** Returns those that were not needed before. */
  need(topics: readonly string[]): string[] {
    const added = topics.filter((topic) => !this.needed.has(topic));
    for (const topic of added) this.needed.add(topic);
    return added;
  }

  forget(topics: readonly string[]): void {
    for (const topic of topics) this.needed.delete(topic);
  }

  /** Which of these topics neither exist nor are needed by this process, so that they will not appear. */
  async unknown(topics: ReadonlySet<string>): Promise<Set<string>> {
    const existing = new Set(await this.list());
    return new Set([...topics].filter((topic) => !existing.has(topic) && !this.needed.has(topic)));
  }

  /** The topics that exist. */
  list(): Promise<readonly string[]> {
    return this.withAdmin((admin) => admin.listTopics());
  }

  /**
   * How many partitions each of these topics has; those that do not exist, or are hidden from this process, are left
   * out.
   */
  partitions(topics: readonly string[]): Promise<Map<string, number>> {
    return this.withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const known = topics.filter((topic) => existing.has(topic));
      // For an empty list the broker would return all topics.
      if (known.length === 0) return new Map();
      const metadata = await admin.fetchTopicMetadata({ topics: known });
      return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
    });
  }

  /**
   * Creates the topics that are missing. Rejects with a ConfigurationError when the broker will never do that, or when
   * others create the topics.
   */
  create(): Promise<void> {
    const { create, partitions, replicationFactor } = this.options;
    return this.withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = [...this.needed].filter((topic) => !existing.has(topic));
      if (missing.length === 0) return;
      if (!create) throw this.missingError(missing);
      await admin
        .createTopics({
          topics: missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor })),
          waitForLeaders: true,
        })
        .catch((error: unknown) => explain(error, this.commandsFor(missing)));
    });
  }

  /**
   * Compares these topics, which exist, with what they need. Each warning is logged once. Rejects with a
   * ConfigurationError when they would lose messages in normal operation.
   */
  async check(names: readonly string[]): Promise<void> {
    const ours = names.filter((name) => useOf(name) !== undefined);
    if (ours.length === 0) return;
    const { partitions, bootstrapServer } = this.options;
    const { topics, brokers } = await this.find(ours);
    const unread = topics.filter(({ settings }) => settings === undefined).map(({ name }) => name);
    if (unread.length > 0)
      this.once(
        `not checked, because this service may not read the settings (DescribeConfigs) of ${unread.join(', ')}`,
      );
    const { fatal, warnings } = checkTopics(topics, { brokers, partitions, bootstrapServer });
    if (fatal.length > 0) throw new ConfigurationError(`Topics would lose messages.\n${fatal.join('\n')}`);
    for (const warning of warnings) this.once(warning, 'warn');
  }

  private find(names: readonly string[]): Promise<{ topics: FoundTopic[]; brokers: number }> {
    return this.withAdmin(async (admin) => {
      const { brokers } = await admin.describeCluster();
      const metadata = await admin.fetchTopicMetadata({ topics: [...names] });
      const settings = await settingsOf(admin, names);
      const topics = metadata.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.length,
        replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
        settings: settings.get(name),
      }));
      return { topics, brokers: brokers.length };
    });
  }

  private once(about: string, level: 'log' | 'warn' = 'log'): void {
    if (!this.warned.has(about)) this.log[level](`topics: ${about}`);
    this.warned.add(about);
  }

  private missingError(missing: readonly string[]): ConfigurationError {
    return new ConfigurationError(
      `Topics are missing, and this service creates none (createTopics). Create them:${this.commandsFor(missing)}` +
        'If they exist, let the service describe them (DESCRIBE)',
    );
  }

  /** The commands that create these topics, in lines that contain nothing else. */
  private commandsFor(topics: readonly string[]): string {
    const { partitions, bootstrapServer } = this.options;
    const commands = topics.map((name) =>
      useOf(name) === undefined ? name : createTopic(neededTopic(name, partitions), { bootstrapServer }),
    );
    return `\n  ${commands.join('\n  ')}\n`;
  }

  private async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

const OF_INTEREST = ['cleanup.policy', 'retention.ms', 'retention.bytes', 'min.insync.replicas'];

/** The settings by topic, without those that this process may not read; none when the broker does not offer them. */
async function settingsOf(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const asked = names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configNames: OF_INTEREST }));
  try {
    const { resources } = await admin.describeConfigs({ resources: asked, includeSynonyms: false });
    return new Map(
      resources
        .filter(({ errorCode }) => errorCode === 0)
        .map(({ resourceName, configEntries }) => [
          resourceName,
          new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
        ]),
    );
  } catch (error) {
    if (error instanceof KafkaJSServerDoesNotSupportApiKey) return new Map();
    throw error;
  }
}

interface RefusedTopics {
  readonly errors?: readonly { readonly topic?: string; readonly message: string }[];
}

function explain(error: unknown, commands: string): never {
  const { errors = [] } = Object(error) as RefusedTopics;
  const refused = errors.map(({ topic, message }) => `${String(topic)}: ${message}`).join('; ') || String(error);
  // Other errors are temporary, such as fewer running brokers than the replication factor.
  if (!isOfType(error, ...NEVER_CREATED)) throw new Error(refused, { cause: error });
  throw new ConfigurationError(
    `The broker does not create topics that this service needs (${refused}). Correct their names, let this service create ` +
      `topics, or create them yourself:${commands}`,
    { cause: error },
  );
}
