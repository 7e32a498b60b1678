import { v7 as uuidV7 } from 'uuid';
import type { Topics } from '../contract';
import type { Subscription, Transport } from '../messaging';

/** What a {@link BroadcastSubscription} calls. */
export interface Listener {
  /** Receives the subjects of events as they arrive; one may be delivered twice, and it must not throw. */
  heard(subjects: readonly string[]): void;
  /**
   * Called when events may have been missed, as before the first one, so that the listener reads the current state
   * once.
   */
  missed(): void;
}

/**
 * Delivers every event of a topic to every instance of a service, from now on. It passes on the subjects of the events and
 * stores nothing, so events may be missed. A subscriber that must not miss any uses SubscriberModule.
 */
export class BroadcastSubscription {
  constructor(
    private readonly transport: Transport,
    private readonly names: Topics,
  ) {}

  /** Resolves when it has joined; retries while the broker is away. */
  async listen(service: string, listener: Listener): Promise<Subscription> {
    const topics = [this.names.eventsOf(service)];
    await this.transport.ensureTopics(topics);
    return this.transport.subscribe({
      group: this.names.group(`${service}-tail-${uuidV7()}`),
      topics,
      from: 'now',
      missed: () => listener.missed(),
      handle: async (messages) => listener.heard(messages.flatMap(({ key }) => (key === null ? [] : [String(key)]))),
    });
  }
}
