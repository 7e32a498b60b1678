import { v7 as uuidV7 } from 'uuid';
import type { Topics } from '../contract';
import { RecurringTask, type Log, type Subscription, type Transport } from '../messaging';

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

const CLEAN_UP_EVERY_MS = 600_000;

/**
 * Delivers every event of a topic to every instance of a service, from now on. It passes on the subjects of the events and
 * stores nothing, so events may be missed. A subscriber that must not miss any uses SubscriberModule.
 *
 * Each instance reads in a consumer group of its own and deletes it at its end. Groups that killed instances have left
 * are deleted by the others.
 */
export class BroadcastSubscription {
  constructor(
    private readonly transport: Transport,
    private readonly names: Topics,
    private readonly log: Log,
  ) {}

  /** Resolves when it has joined; retries while the broker is away. */
  async listen(service: string, listener: Listener): Promise<Subscription> {
    const topics = [this.names.eventsOf(service)];
    await this.transport.ensureTopics(topics);
    const groups = this.names.group(`${service}-tail-`);
    const group = `${groups}${uuidV7()}`;
    const subscription = await this.transport.subscribe({
      group,
      topics,
      from: 'now',
      missed: () => listener.missed(),
      handle: async (messages) => listener.heard(messages.flatMap(({ key }) => (key === null ? [] : [String(key)]))),
    });
    const cleanUp = new RecurringTask({
      name: `delete consumer groups ${groups}… without members`,
      everyMs: CLEAN_UP_EVERY_MS,
      retryMs: CLEAN_UP_EVERY_MS,
      work: async () => {
        await this.transport.deleteEmptyGroups(groups);
        return false;
      },
      log: this.log,
    });
    cleanUp.start();
    return {
      problem: () => subscription.problem(),
      stop: async () => {
        await cleanUp.stop();
        const isAway = subscription.problem() !== undefined;
        await subscription.stop();
        if (!isAway) await this.transport.deleteEmptyGroups(group).catch(() => undefined);
      },
    };
  }
}
