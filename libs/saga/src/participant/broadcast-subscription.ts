import { v7 as uuidV7 } from 'uuid';
import type { Topics } from '../contract';
import type { Subscription, Transport } from '../messaging';

export interface Listener {
  /** Takes the subjects of events as they come; one may come twice, and it must not throw. */
  heard(subjects: readonly string[]): void;
  /** Called when events may have passed unheard, as before the first one: whoever listens looks for itself once. */
  missed(): void;
}

/**
 * Lets every instance of a service hear every event of a topic from now on, as a bell: it tells what an event is about and
 * keeps nothing. Subscribers that must miss none are another matter: they share a group.
 */
export class BroadcastSubscription {
  constructor(
    private readonly transport: Transport,
    private readonly names: Topics,
  ) {}

  /** Resolves when it has joined; tries for as long as the broker is away. */
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
