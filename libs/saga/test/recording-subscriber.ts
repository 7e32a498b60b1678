import { waitUntil } from '@palinode/testing-support/wait-until';
import type { IncomingMessage, SubscribeOptions, Subscription, Transport } from '../src/messaging';

interface Receiver extends Omit<SubscribeOptions, 'handle'> {
  /** Called before a batch counts as received; what it throws rejects `handle`. */
  readonly before?: (messages: readonly IncomingMessage[]) => Promise<void> | void;
}

/** A group member that stores what it received, and detects concurrent calls. */
export class RecordingSubscriber {
  /** All messages that were handled without error, in the order of handling. */
  readonly received: IncomingMessage[] = [];
  /** All batches that it received, including rejected ones. */
  readonly handed: (readonly IncomingMessage[])[] = [];
  overlapped = false;
  private running = false;
  private subscription!: Subscription;

  static async start(transport: Transport, receiver: Receiver): Promise<RecordingSubscriber> {
    const subscriber = new RecordingSubscriber();
    subscriber.subscription = await transport.subscribe({
      ...receiver,
      handle: (messages) => subscriber.take(messages, receiver),
    });
    return subscriber;
  }

  get values(): string[] {
    return this.received.map(({ value }) => String(value));
  }

  /** The partitions of its messages, by topic. */
  get partitions(): Record<string, number[]> {
    const partitions: Record<string, number[]> = {};
    for (const { topic, partition } of this.received) (partitions[topic] ??= []).push(partition);
    for (const topic of Object.keys(partitions))
      partitions[topic] = [...new Set(partitions[topic])].toSorted((a, b) => a - b);
    return partitions;
  }

  problem(): string | undefined {
    return this.subscription.problem();
  }

  /** Waits until this many different messages were received. */
  async hasReceived(count: number): Promise<void> {
    await waitUntil(`${count} messages received`, () => new Set(this.values).size >= count, { everyMs: 5 });
  }

  async hasJoined(): Promise<void> {
    await waitUntil('the group is joined', () => this.problem() === undefined, { everyMs: 5 });
  }

  async stop(): Promise<void> {
    await this.subscription.stop();
  }

  private async take(messages: readonly IncomingMessage[], { before }: Receiver): Promise<void> {
    this.overlapped ||= this.running;
    this.running = true;
    try {
      this.handed.push(messages);
      await before?.(messages);
      this.received.push(...messages);
    } finally {
      this.running = false;
    }
  }
}
