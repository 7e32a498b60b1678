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
