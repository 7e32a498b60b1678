import type { Consumer, ConsumerConfig, IHeaders } from 'kafkajs';
import type { Clients } from './clients';
import { waitUntil } from '@palinode/testing-support/wait-until';

export interface Received {
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly value: string;
  readonly headers: IHeaders;
}

/** A consumer that records its messages, so that tests can wait for them and check them. */
export class RecordingConsumer {
  readonly messages: Received[] = [];
  /** The currently assigned partitions. */
  partitions: readonly number[] = [];

  private constructor(private readonly consumer: Consumer) {}

  static async start(clients: Clients, topic: string, config: ConsumerConfig): Promise<RecordingConsumer> {
    const consumer = await clients.consumer(config);
    const recording = new RecordingConsumer(consumer);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      recording.partitions = payload.memberAssignment[topic] ?? [];
    });
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        const { offset, key, value, headers } = message;
        recording.messages.push({
          partition,
          offset,
          key: String(key),
          value: String(value),
          headers: headers ?? {},
        });
        return Promise.resolve();
      },
    });
    return recording;
  }

  get values(): string[] {
    return this.messages.map(({ value }) => value);
  }

  async hasReceived(count: number): Promise<void> {
    await waitUntil(`${count} messages received`, () => this.messages.length >= count);
  }

  async isAssigned(partitions: number): Promise<void> {
    await waitUntil(`${partitions} partitions assigned`, () => this.partitions.length === partitions);
  }

  /** Commits the handled messages, and leaves the group. */
  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }
}
