import { isOfSagas, parseEnvelope, UnreadableMessageError, type Command, type Envelope } from '../contract';
import {
  hookContext,
  type GroupProgress,
  type HookContext,
  type IncomingMessage,
  type Log,
  outgoingFields,
  type OutgoingMessage,
  type Place,
  type SubscribeOptions,
  type Subscription,
  type Transport,
} from '../messaging';
import type { FaultEngine } from './fault-engine';
import { DEFAULT_MS } from './fault-rule';

const REMEMBERED = 10_000;

/** A transport whose messages may be struck when they come, before they leave, and when the broker has them. */
export class FaultyTransport implements Transport {
  /** A reply does not say to which attempt it answers; its command did. */
  private readonly attempts = new Map<string, number>();

  constructor(
    private readonly transport: Transport,
    private readonly engine: FaultEngine,
    private readonly log: Log,
  ) {}

  ensureTopics(topics: readonly string[]): Promise<void> {
    return this.transport.ensureTopics(topics);
  }

  listTopics(): Promise<readonly string[]> {
    return this.transport.listTopics();
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const leaving: OutgoingMessage[] = [];
    for (const message of messages) leaving.push(...(await this.beforePublish(message)));
    await this.transport.publish(leaving);
    for (const message of leaving) {
      const target = this.targetOf(message);
      if (target) await this.engine.strike('after-publish', target);
    }
  }

  subscribe(options: SubscribeOptions): Promise<Subscription> {
    const handle = async (messages: readonly IncomingMessage[]): Promise<void> => {
      const received: IncomingMessage[] = [];
      for (const message of messages) received.push(await this.receive(message));
      await options.handle(received);
    };
    return this.transport.subscribe({ ...options, handle });
  }

  messageAt(place: Place): Promise<IncomingMessage | undefined> {
    return this.transport.messageAt(place);
  }

  progressOf(group: string, topic: string): Promise<GroupProgress> {
    return this.transport.progressOf(group, topic);
  }

  deleteEmptyGroups(prefix: string): Promise<void> {
    return this.transport.deleteEmptyGroups(prefix);
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private async receive(message: IncomingMessage): Promise<IncomingMessage> {
    const target = this.targetOf(message);
    if (target === undefined) return message;
    if (target.attempt !== undefined) this.remember(target.messageId, target.attempt);
    const rule = await this.engine.struckBy('received', target);
    if (rule?.effect.type === 'poison') return { ...message, value: poisoned(message.value) };
    if (rule) await this.engine.perform(rule);
    return message;
  }

  /** What is to be published in the message's place. */
  private async beforePublish(message: OutgoingMessage): Promise<OutgoingMessage[]> {
    const target = this.targetOf(message);
    const rule = target && (await this.engine.struckBy('before-publish', target));
    if (rule === undefined) return [message];
    switch (rule.effect.type) {
      case 'drop-reply':
        return [];
      case 'duplicate-reply':
        return [message, message];
      case 'late-reply':
        this.publishLater(message, rule.effect.ms ?? DEFAULT_MS['late-reply'] ?? 0);
        return [];
      default:
        await this.engine.perform(rule);
        return [message];
    }
  }

  private publishLater(message: OutgoingMessage, ms: number): void {
    const publish = (): void =>
      void this.transport
        .publish([message])
        .catch((error: unknown) => this.log.warn(`no late reply: ${String(error)}`, outgoingFields(message)));
    setTimeout(publish, ms).unref();
  }

  /**
   * Of commands, replies and starts: what is parked or told to all is not struck. Nothing is parsed while nothing is armed and no
   * saga asks for anything.
   */
  private targetOf({ topic, value }: OutgoingMessage | IncomingMessage): HookContext | undefined {
    if (value === null || !isOfSagas(topic)) return undefined;
    if (!this.engine.isArmed && !value.includes('"sagafault"')) return undefined;
    const envelope = readable(value);
    if (envelope === undefined) return undefined;
    const target = hookContext(envelope);
    return { ...target, attempt: target.attempt ?? this.attempts.get(target.messageId) };
  }

  private remember(messageId: string, attempt: number): void {
    this.attempts.set(messageId, attempt);
    const [oldest] = this.attempts.keys();
    if (this.attempts.size > REMEMBERED && oldest !== undefined) this.attempts.delete(oldest);
  }
}

/** The same envelope with data that fits no contract: it is parked, and its sender told. */
function poisoned(value: Buffer | null): Buffer {
  const command = JSON.parse(String(value)) as Command;
  return Buffer.from(JSON.stringify({ ...command, data: 'poisoned by a fault on demand' }));
}

/** What is no envelope is left to those who park it: what struck is kept under its ids. */
function readable(value: string | Buffer): Envelope | undefined {
  try {
    return parseEnvelope(Buffer.from(value));
  } catch (error) {
    if (error instanceof UnreadableMessageError) return undefined;
    throw error;
  }
}
