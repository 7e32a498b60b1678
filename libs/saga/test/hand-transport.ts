import { TransportClosedError } from '../src/messaging';
import type {
  GroupProgress,
  IncomingMessage,
  OutgoingMessage,
  Place,
  SubscribeOptions,
  Subscription,
  Transport,
} from '../src/messaging';
import { Gate } from './gate';

/**
 * A transport that the test controls: it decides which messages form a batch, and whether the broker is reachable. It
 * implements the port in one process; real brokers have their own tests.
 */
export class HandTransport implements Transport {
  readonly published: OutgoingMessage[] = [];
  readonly topics = new Set<string>();
  /** How many calls of `publish` wait for the broker. */
  waiting = 0;
  /** What the broker says of consumer groups; by default each has one member and no lag. */
  readonly progress = new Map<string, GroupProgress>();
  private readonly subscriptions: SubscribeOptions[] = [];
  private readonly placed = new Map<string, IncomingMessage>();
  private readonly closed = new Gate();
  private broker = new Gate();

  constructor() {
    this.broker.open();
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    for (const topic of topics) this.topics.add(topic);
  }

  async listTopics(): Promise<readonly string[]> {
    return [...this.topics];
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    this.waiting += 1;
    await Promise.race([this.closed.opened, this.broker.opened]).finally(() => (this.waiting -= 1));
    this.published.push(...messages);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    this.subscriptions.push(options);
    return { problem: () => undefined, stop: async () => undefined };
  }

  async messageAt(place: Place): Promise<IncomingMessage | undefined> {
    return this.placed.get(keyOf(place));
  }

  async progressOf(group: string): Promise<GroupProgress> {
    await this.broker.opened;
    return this.progress.get(group) ?? { members: 1, lag: 0 };
  }

  async deleteEmptyGroups(): Promise<void> {
    // It has no groups.
  }

  /** Assigns their offsets to these messages. */
  place(...messages: readonly IncomingMessage[]): void {
    for (const message of messages) this.placed.set(keyOf(message), message);
  }

  async close(): Promise<void> {
    this.closed.close(new TransportClosedError('The transport was closed.'));
  }

  /** Delivers these messages to the subscriber of their topics as one batch. */
  async deliver(...messages: readonly IncomingMessage[]): Promise<void> {
    const topics = new Set(messages.map(({ topic }) => topic));
    const subscriber = this.subscriptions.find((each) => [...topics].every((topic) => each.topics.includes(topic)));
    if (subscriber === undefined) throw new Error(`There is no subscriber to ${[...topics].join(', ')}.`);
    this.place(...messages);
    await subscriber.handle(messages);
  }

  /** Makes `publish` wait from now on. */
  disconnect(): void {
    this.broker = new Gate();
  }

  reconnect(): void {
    this.broker.open();
  }

  /** Returns the values published to a topic, oldest first, parsed as JSON. */
  sent<T>(topic: string): T[] {
    return this.published
      .filter((message) => message.topic === topic)
      .map(({ value }) => JSON.parse(String(value)) as T);
  }
}

function keyOf({ topic, partition, offset }: Place): string {
  return `${topic}/${partition}/${offset}`;
}
