import { DEAD_LETTERS } from '../../contract';
import { parkedMessage, type IncomingMessage, type Log, type Subscription, type Transport } from '../../messaging';
import type { DeadLetterStore } from './dead-letter-store';

/**
 * Keeps the dead letters of all services. It has a subscription of its own: however many there are, they hold up no saga,
 * and no saga depends on them.
 */
export class DeadLetterKeeper {
  private subscription: Subscription | undefined;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly transport: Transport,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.transport.ensureTopics([DEAD_LETTERS]);
    this.subscription = await this.transport.subscribe({
      group: 'orchestrator.dead-letters',
      topics: [DEAD_LETTERS],
      handle: (messages) => this.keep(messages),
    });
  }

  async stop(): Promise<void> {
    await this.subscription?.stop();
  }

  private async keep(messages: readonly IncomingMessage[]): Promise<void> {
    await this.store.keep(messages.map(parkedMessage));
    this.log.log(`kept ${messages.length} dead letters`);
  }
}
