import { Kafka, logLevel, Partitioners, type EachBatchPayload, type Producer } from 'kafkajs';
import { v7 as uuidV7 } from 'uuid';
import type { BenchOrder } from '../effects';

export const SERVICES = ['orchestrator', 'stock', 'payment', 'order'] as const;
export type Service = (typeof SERVICES)[number];

/** A start, a command or a reply, by its kind. */
export interface Message {
  readonly id: string;
  readonly kind: string;
  readonly order: BenchOrder;
}

/** An outgoing message. */
export type Sent = readonly [to: Service, message: Message];

export function message(to: Service, kind: string, order: BenchOrder): Sent {
  return [to, { id: uuidV7(), kind, order }];
}

/** Fetched messages that wait to be handled. */
interface Fetched {
  readonly messages: readonly Message[];
  readonly taken: () => void;
}

/** kafkajs with Palinode's settings: the messages of all partitions are handled together. */
export class Wire {
  private readonly kafka: Kafka;
  private readonly producer: Producer;
  private fetched: Fetched[] = [];
  private taking = false;

  constructor(
    brokers: readonly string[],
    private readonly partitions: number,
  ) {
    this.kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
    this.producer = this.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  }

  /** Resolves when this service receives its messages. */
  async open(service: Service, take: (messages: readonly Message[]) => Promise<void>): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    const topics = SERVICES.map((each) => ({ topic: topicOf(each), numPartitions: this.partitions }));
    // False, or an error, when another service created the topics first.
    await admin.createTopics({ topics }).catch(() => false);
    await admin.disconnect();
    await this.producer.connect();
    const consumer = this.kafka.consumer({ groupId: service, maxWaitTimeInMs: 100 });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.connect();
    await consumer.subscribe({ topic: topicOf(service), fromBeginning: true });
    await consumer.run({
      partitionsConsumedConcurrently: 32,
      autoCommitInterval: 250,
      eachBatch: ({ batch }) => this.gather(batch, take),
    });
    await joined;
  }

  async send(messages: readonly Sent[]): Promise<void> {
    if (messages.length === 0) return;
    const topicMessages = SERVICES.map((service) => ({
      topic: topicOf(service),
      messages: messages
        .filter(([to]) => to === service)
        .map(([, each]) => ({ key: each.order.orderId, value: JSON.stringify(each) })),
    }));
    await this.producer.sendBatch({
      acks: -1,
      topicMessages: topicMessages.filter((each) => each.messages.length > 0),
    });
  }

  private gather(
    batch: EachBatchPayload['batch'],
    take: (messages: readonly Message[]) => Promise<void>,
  ): Promise<void> {
    const messages = batch.messages.map(({ value }) => JSON.parse(String(value)) as Message);
    return new Promise((taken) => {
      this.fetched.push({ messages, taken });
      if (!this.taking) setImmediate(() => void this.takeAll(take));
      this.taking = true;
    });
  }

  private async takeAll(take: (messages: readonly Message[]) => Promise<void>): Promise<void> {
    while (this.fetched.length > 0) {
      const now = this.fetched.splice(0);
      await take(now.flatMap(({ messages }) => messages));
      for (const { taken } of now) taken();
    }
    this.taking = false;
  }
}

function topicOf(service: Service): string {
  return `by-hand.${service}`;
}
