import type { Topics } from '../contract';
import { readDeadLetter, type IncomingMessage, type Log, type Subscription, type Transport } from '../messaging';
import type { DeadLetterStore } from './dead-letter-store';

/**
 * Stores the dead letters of all services. It has a subscription of its own, so that dead letters never delay a saga.
 */
export class DeadLetterConsumer {
  private subscriptions: readonly Subscription[] = [];

  constructor(
    private readonly store: DeadLetterStore,
    private readonly transport: Transport,
    /** The topics of dead letters that it reads. */
    private readonly ownTopics: readonly Topics[],
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.subscriptions = await Promise.all(this.ownTopics.map((topics) => this.listen(topics)));
  }

  /** Why dead letters are not stored; undefined while all is well. */
  problem(): string | undefined {
    if (this.subscriptions.length === 0) return 'dead letters are not stored yet';
    return this.subscriptions.map((each) => each.problem()).find((problem) => problem !== undefined);
  }

  async stop(): Promise<void> {
    await Promise.all(this.subscriptions.map((each) => each.stop()));
  }

  private async listen({ deadLetters, deadLetterGroup: group }: Topics): Promise<Subscription> {
    await this.transport.ensureTopics([deadLetters]);
    return this.transport.subscribe({ group, topics: [deadLetters], handle: (messages) => this.keep(messages) });
  }

  private async keep(messages: readonly IncomingMessage[]): Promise<void> {
    await this.store.keep(messages.map(readDeadLetter));
    this.log.log(`kept ${messages.length} dead letters`);
  }
}
