import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Admin, Consumer, ConsumerConfig, Producer, ProducerConfig } from 'kafkajs';
import { RawClient } from './raw-client';

/** Connected kafkajs clients of one test; `close` disconnects them all, even after a failed test. */
export class Clients {
  readonly kafka: Kafka;
  private readonly open: { disconnect(): Promise<void> }[] = [];

  constructor(private readonly brokers: string[]) {
    this.kafka = new Kafka({
      brokers,
      clientId: 'conformance',
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 20 },
    });
  }

  async admin(): Promise<Admin> {
    return this.connected(this.kafka.admin());
  }

  async producer(config: ProducerConfig = {}): Promise<Producer> {
    return this.connected(this.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, ...config }));
  }

  async consumer(config: ConsumerConfig): Promise<Consumer> {
    return this.connected(
      this.kafka.consumer({
        // Apache Kafka accepts no shorter session timeout.
        sessionTimeout: 6000,
        rebalanceTimeout: 10_000,
        heartbeatInterval: 300,
        maxWaitTimeInMs: 200,
        ...config,
      }),
    );
  }

  async raw(): Promise<RawClient> {
    const client = await RawClient.connect(this.brokers[0]!);
    this.open.push({ disconnect: () => Promise.resolve(client.close()) });
    return client;
  }

  /** A new topic for each test. */
  async topic(numPartitions = 1, config: Record<string, string> = {}): Promise<string> {
    const topic = `topic-${randomUUID()}`;
    const admin = await this.admin();
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, configEntries }] });
    return topic;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.open.toReversed().map((client) => client.disconnect()));
  }

  private async connected<Client extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
    client: Client,
  ): Promise<Client> {
    this.open.push(client);
    await client.connect();
    return client;
  }
}
