import { logLevel, type Kafka } from 'kafkajs';
import { connectionTo, type KafkaConnectionOptions } from './kafka-connection';
import { createKafka } from './kafka-client';

/** The offsets that a partition keeps: from the first one to before the end. */
export interface TopicOffsets {
  readonly partition: number;
  readonly first: bigint;
  readonly end: bigint;
}

/** Asks a broker for the offsets of its topics. Rejects when it does not answer within a few seconds. */
export class KafkaOffsets {
  private readonly kafka: Kafka;

  constructor(options: KafkaConnectionOptions) {
    this.kafka = createKafka({
      clientId: options.clientId ?? 'palinode',
      ...connectionTo(options),
      connectionTimeout: 1_000,
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 100, maxRetryTime: 500, retries: 3 },
    });
  }

  async of(topic: string): Promise<TopicOffsets[]> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets
        .map(({ partition, low, high }) => ({ partition, first: BigInt(low), end: BigInt(high) }))
        .toSorted((a, b) => a.partition - b.partition);
    } finally {
      await admin.disconnect();
    }
  }
}
