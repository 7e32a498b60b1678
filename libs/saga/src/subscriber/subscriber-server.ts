import { Logger } from '@nestjs/common';
import { Server, type MessageHandler } from '@nestjs/microservices';
import type { DataSource } from 'typeorm';
import { ConfigurationError, type Topics } from '../contract';
import {
  checkDatabase,
  namingBrokers,
  poolOf,
  type KafkaOptions,
  type Subscription,
  type Tables,
  type Transport,
} from '../messaging';
import type { HandlerServer } from '../handlers';
import { EventDispatcher } from './event-dispatcher';
import type { RegisteredEventHandler } from './event-handlers';
import { EventInbox } from './event-inbox';
import { EVENT_TRANSPORT, type EventExtras } from './handle-event';
import { lagOf, type Lag, type Offsets } from './lag';
import { SUBSCRIBER_TABLES } from './migrations';
import type { PassedBy } from './unknown-types';

const START_IT = 'call app.startAllMicroservices()';

const HOUR_MS = 3_600_000;
/** How many types are named in the counts of skipped events. */
const TYPES_NAMED = 20;

export interface SubscriberServerOptions {
  readonly topics: Topics;
  readonly group: string;
  readonly kafka: Pick<KafkaOptions, 'brokers'>;
  readonly transaction: 'per-event' | 'per-batch';
  readonly attempts: number;
  readonly inboxDays: number;
  readonly opens: boolean;
  readonly tables: Tables;
}

interface Open {
  readonly dispatcher: EventDispatcher;
  readonly subscription: Subscription;
}

/**
 * Nest's transport for subscribers: delivers the events of other services to `@HandleEvent` methods. Several groups may
 * be open at once, each with an inbox and positions of its own, as while a projection is rebuilt beside the current
 * one.
 */
export class SubscriberServer extends Server implements HandlerServer {
  override readonly transportId = EVENT_TRANSPORT;
  connected = false;
  private readonly log = new Logger('Subscriber');
  private listening = false;
  private readonly closing = new AbortController();
  private readonly twice = new Set<string>();
  private readonly groups = new Map<string, Open>();
  private retention: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: SubscriberServerOptions,
    private readonly dataSource: DataSource,
    private readonly transport: Transport,
    private readonly offsets: Offsets,
  ) {
    super();
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    if (this.messageHandlers.has(this.normalizePattern(pattern as string))) this.twice.add(String(pattern));
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  listen(callback: (error?: unknown) => void): void {
    // oxlint-disable-next-line promise/no-callback-in-promise -- Nest asks for a callback
    this.start().then(() => callback(), callback);
  }

  /**
   * Begins to handle events as a member of this group, at its positions; a new one begins at the start of the topics.
   */
  async open(group: string, handlers: ReadonlyMap<string, RegisteredEventHandler> = this.registered()): Promise<void> {
    if (this.groups.has(group)) return;
    const { topics: names, transaction, attempts, inboxDays, tables } = this.options;
    const dispatcher = new EventDispatcher(this.dataSource, this.transport, handlers, {
      subscriber: group,
      deadLetters: names.deadLetters,
      transaction,
      attempts,
      inboxDays,
      tables,
      log: this.log,
    });
    const topics = this.topics();
    await this.transport.ensureTopics([...topics, names.deadLetters]);
    const subscription = await this.transport.subscribe({
      group: names.group(group),
      topics,
      handle: (messages) => dispatcher.handleBatch(messages),
    });
    this.groups.set(group, { dispatcher, subscription });
  }

  /** Stops handling events as a member of this group. */
  async shut(group: string): Promise<void> {
    const open = this.groups.get(group);
    this.groups.delete(group);
    open?.dispatcher.stop();
    await open?.subscription.stop();
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.retention);
    await Promise.all([...this.groups.keys()].map((group) => this.shut(group)));
  }

  /** The topics of the events that are handled here. */
  topics(): string[] {
    const contracts = [...this.registered().values()].map(({ contract }) => contract);
    return [...new Set(contracts.map(({ service }) => this.options.topics.eventsOf(service)))];
  }

  /** The lag of a group. Rejects when the broker does not answer. */
  async lag(group = this.options.group): Promise<Lag[]> {
    const subscription = this.groups.get(group)?.subscription;
    const passed = (topic: string, partition: number): bigint | undefined => subscription?.passed?.(topic, partition);
    const inbox = new EventInbox(this.dataSource, group, this.options.inboxDays, this.options.tables);
    return lagOf(inbox, this.offsets, this.topics(), passed);
  }

  /** What this instance has read as a member of a group and has no handler for; it is no lag. */
  passedBy(group = this.options.group): PassedBy {
    return this.groups.get(group)?.dispatcher.passedBy(TYPES_NAMED) ?? { types: [], others: 0 };
  }

  /** Throws unless `connectSubscriber` has been called; reports servers that were connected but not started. */
  assertConnected(): void {
    const { group } = this.options;
    if (!this.connected)
      throw new ConfigurationError(
        `Nothing connects ${group} with its events; call connectSubscriber(app) before the application starts.`,
      );
    if (!this.listening) this.log.warn(`${group} handles no event yet; ${START_IT}`);
  }

  /** Why no events are handled; undefined while all is well. */
  problem(): string | undefined {
    if (this.groups.size === 0)
      return `the subscriber has not started consuming yet${this.listening ? namingBrokers(this.options.kafka.brokers) : `; ${START_IT}`}`;
    const problems = [...this.groups.values()].flatMap(({ subscription }) => subscription.problem() ?? []);
    return problems.length === 0 ? undefined : problems.join('; ');
  }

  on(): never {
    throw new ConfigurationError('The subscriber emits no events; use its problem() instead.');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as Nest declares it
  unwrap<T>(): T {
    return this.transport as T;
  }

  private async start(): Promise<void> {
    this.listening = true;
    const handlers = this.registered();
    if (handlers.size === 0)
      throw new ConfigurationError(
        `${this.options.group} handles no event; add a method with @HandleEvent to a controller.`,
      );
    await checkDatabase(poolOf(this.dataSource), SUBSCRIBER_TABLES, this.log, {
      tables: this.options.tables,
      signal: this.closing.signal,
    });
    if (this.options.opens) await this.open(this.options.group, handlers);
    this.retention = setInterval(() => void this.deleteOld(), HOUR_MS);
    this.retention.unref();
  }

  private async deleteOld(): Promise<void> {
    for (const { dispatcher } of this.groups.values())
      await dispatcher.inbox.deleteHandled().catch((error: unknown) => this.log.warn(`event inbox: ${String(error)}`));
  }

  /** The handlers by event type. Configuration errors fail the start, with the remedy. */
  private registered(): Map<string, RegisteredEventHandler> {
    const handlers = new Map<string, RegisteredEventHandler>();
    for (const [pattern, handle] of this.messageHandlers) {
      const extras = handle.extras as EventExtras | undefined;
      if (extras?.event === undefined) throw new ConfigurationError(`${pattern} is no event; use @HandleEvent.`);
      const { event: contract } = extras;
      if (this.twice.has(contract.type))
        throw new ConfigurationError(
          `${contract.name} has two handlers; remove one @HandleEvent, or give it a group of its own.`,
        );
      handlers.set(contract.type, { contract, handle });
    }
    return handlers;
  }
}
