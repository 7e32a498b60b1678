import type { Kafka } from 'kafkajs';

export interface TopicOptions {
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** The topics that this process needs. A broker that lost them with its log gets them again. */
export class KafkaTopics {
  private readonly needed = new Set<string>();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: TopicOptions,
  ) {}

  need(topics: readonly string[]): void {
    for (const topic of topics) this.needed.add(topic);
  }

  /** Which of these nobody has, and this process does not need, so that they will not come. */
  async unknown(topics: ReadonlySet<string>): Promise<Set<string>> {
    const existing = new Set(await this.list());
    return new Set([...topics].filter((topic) => !existing.has(topic) && !this.needed.has(topic)));
  }

  /** Those that there are. */
  async list(): Promise<readonly string[]> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  }

  /** Creates those that are missing. */
  async create(): Promise<void> {
    const { partitions, replicationFactor } = this.options;
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const existing = new Set(await admin.listTopics());
      const missing = [...this.needed].filter((topic) => !existing.has(topic));
      if (missing.length === 0) return;
      await admin.createTopics({
        topics: missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor })),
        waitForLeaders: true,
      });
    } finally {
      await admin.disconnect();
    }
  }
}
