import type { DataSource } from 'typeorm';
import type { Rejection } from '../contract';
import {
  deadLetter,
  logDeadLetter,
  printable,
  type IncomingMessage,
  type Log,
  type OutgoingMessage,
  type Tables,
  type Transport,
} from '../messaging';
import { madeAt, readEvent, type EventDelivery, type ReadEvent } from './event-delivery';
import type { RegisteredEventHandler } from './event-handlers';
import { EventInbox, positionOf, type Position } from './event-inbox';
import { EventRunner, type EventRunnerOptions } from './event-runner';
import { UnknownTypes, type PassedBy } from './unknown-types';

export interface EventDispatcherOptions extends EventRunnerOptions {
  /** Whose inbox and positions these are. */
  readonly subscriber: string;
  /** The topic for events that it cannot process. */
  readonly deadLetters: string;
  readonly inboxDays: number;
  readonly tables: Tables;
  readonly log: Log;
}

/** Runs a batch of events through their handlers, each once; events that cannot be processed are dead-lettered. */
export class EventDispatcher {
  readonly inbox: EventInbox;
  private readonly unknown = new UnknownTypes();
  private readonly runner: EventRunner;

  constructor(
    dataSource: DataSource,
    private readonly transport: Transport,
    private readonly handlers: ReadonlyMap<string, RegisteredEventHandler>,
    private readonly options: EventDispatcherOptions,
  ) {
    this.inbox = new EventInbox(dataSource, options.subscriber, options.inboxDays, options.tables);
    this.runner = new EventRunner(dataSource, this.inbox, options, options.log);
  }

  /** Handles the events of a batch; resolves when their effects are committed. Rejects when the database is away. */
  async handleBatch(messages: readonly IncomingMessage[]): Promise<void> {
    const read = messages.map((message) => readEvent(message, this.handlers));
    for (const each of read) if (each.kind === 'unknown') this.skip(each.type);
    const positions = await this.inbox.positions();
    const fresh = await this.inbox.fresh(read.filter(isDelivery), positions);
    const givenUp = await this.runner.run(fresh);
    await this.transport.publish([
      ...read.flatMap((each) =>
        each.kind === 'undeliverable' ? [this.toDeadLetter(each.message, each.rejection)] : [],
      ),
      ...givenUp.map(({ delivery, error }) => this.toDeadLetter(delivery.message, rejectionOf(error))),
    ]);
    await this.inbox.savePositions(this.reached(messages, positions, fresh));
  }

  /** The events that it has read and has no handler for, with up to `most` types by name. */
  passedBy(types: number): PassedBy {
    return this.unknown.passedBy(types);
  }

  /** Lets a running batch end without waiting for next attempts. */
  stop(): void {
    this.runner.stop();
  }

  private skip(type: string): void {
    if (!this.unknown.add(type)) return;
    this.options.log.log(`${this.options.subscriber} has no handler for ${printable(type)}; its events are skipped`);
  }

  private toDeadLetter(message: IncomingMessage, rejection: Rejection): OutgoingMessage {
    const place = `${message.topic} ${message.partition}/${message.offset}`;
    logDeadLetter(this.options.log, `the event at ${place}`, message, rejection);
    return deadLetter(message, rejection, this.options.subscriber, this.options.deadLetters);
  }

  /**
   * The positions after these messages. They only grow, unless new events have old offsets, in a topic that was
   * recreated.
   */
  private reached(
    messages: readonly IncomingMessage[],
    before: readonly Position[],
    fresh: readonly EventDelivery[],
  ): Position[] {
    const last = new Map(messages.map((message) => [`${message.topic} ${message.partition}`, message]));
    return [...last.values()].map((message) => {
      const { topic, partition, offset } = message;
      const next = BigInt(offset) + 1n;
      const old = positionOf(before, topic, partition);
      const anew = fresh.some(
        ({ event, message: each }) =>
          each.topic === topic &&
          each.partition === partition &&
          old !== undefined &&
          BigInt(each.offset) < old.position &&
          this.inbox.remembers(event.id),
      );
      const position = old !== undefined && old.position > next && !anew ? old.position : next;
      return {
        topic,
        partition,
        position,
        eventAt: madeAt(message) ?? old?.eventAt ?? new Date(),
      };
    });
  }
}

function isDelivery(read: ReadEvent): read is Extract<ReadEvent, { kind: 'delivery' }> {
  return read.kind === 'delivery';
}

function rejectionOf(error: unknown): Rejection {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { reason: 'handler-failed', detail: `${name}: ${message}`.slice(0, 500) };
}
