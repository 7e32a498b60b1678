import type { Kafka } from 'kafkajs';
import { ConfigurationError } from '../../contract';
import { isOfType } from './error-type';

export interface TopicOptions {
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** The errors that need another name of a topic, or other permissions for this service. */
const NEVER_CREATED = [
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'POLICY_VIOLATION',
  'INVALID_PARTITIONS',
];

/** The topics that this process needs. If a broker loses them with its log, they are created again. */
export class KafkaTopics {
  private readonly needed = new Set<string>();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: TopicOptions,
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
  async list(): Promise<readonly string[]> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  }

  /**
   * How many partitions each of these topics has; those that do not exist, or are hidden from this process, are left
   * out.
   */
  async partitions(topics: readonly string[]): Promise<Map<string, number>> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const existing = new Set(await admin.listTopics());
      const known = topics.filter((topic) => existing.has(topic));
      // For an empty list the broker would return all topics.
      if (known.length === 0) return new Map();
      const metadata = await admin.fetchTopicMetadata({ topics: known });
      return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
    } finally {
      await admin.disconnect();
    }
  }

  /** Creates the topics that are missing. Rejects with a ConfigurationError when the broker will never do that. */
  async create(): Promise<void> {
    const { partitions, replicationFactor } = this.options;
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const existing = new Set(await admin.listTopics());
      const missing = [...this.needed].filter((topic) => !existing.has(topic));
      if (missing.length === 0) return;
      await admin
        .createTopics({
          topics: missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor })),
          waitForLeaders: true,
        })
        .catch(explain);
    } finally {
      await admin.disconnect();
    }
  }
}

interface RefusedTopics {
  readonly errors?: readonly { readonly topic?: string; readonly message: string }[];
}

function explain(error: unknown): never {
  const { errors = [] } = Object(error) as RefusedTopics;
  const refused = errors.map(({ topic, message }) => `${String(topic)}: ${message}`).join('; ') || String(error);
  // Other errors are temporary, such as fewer running brokers than the replication factor.
  if (!isOfType(error, ...NEVER_CREATED)) throw new Error(refused, { cause: error });
  throw new ConfigurationError(
    `The broker does not create topics that this service needs (${refused}). Correct their names, create them by other ` +
      'means, or let this service create topics.',
    { cause: error },
  );
}
