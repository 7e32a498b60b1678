import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { MessageHandler } from '@nestjs/microservices';
import type { DataSource } from 'typeorm';
import { WiringError, type CommandContract } from '../contract';
import type { Faults, IncomingMessage, Relay, Subscription, Transport } from '../messaging';
import { acknowledgedBy } from './acknowledged-by';
import { Dispatcher } from './dispatcher';
import type { RetentionOptions } from './retention';
import { SAGA_TRANSPORT, type HandlerExtras } from './handle-command';
import type { RegisteredHandler } from './handlers';
import type { Served } from './served';

/**
 * Nest's transport for saga participants. Unlike the Kafka transport that comes with Nest, it answers before an offset is
 * committed, and a handler that throws never blocks its partition.
 */
export class ParticipantServer extends Server implements CustomTransportStrategy {
  override readonly transportId = SAGA_TRANSPORT;
  private readonly log = new Logger('Participant');
  private readonly twice = new Set<string>();
  private subscription: Subscription | undefined;

  constructor(
    private readonly served: Served,
    private readonly commands: readonly CommandContract[],
    private readonly dataSource: DataSource,
    private readonly transport: Transport,
    private readonly relay: Relay,
    private readonly retention: RetentionOptions = {},
    private readonly faults?: Faults,
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

  async close(): Promise<void> {
    await this.subscription?.stop();
    this.subscription = undefined;
  }

  /** Why no commands are handled; undefined while all is well. */
  problem(): string | undefined {
    return this.subscription ? this.subscription.problem() : 'the participant does not listen yet';
  }

  on(): never {
    throw new WiringError('The participant emits no events; look at its problem() instead.');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as Nest declares it
  unwrap<T>(): T {
    return this.transport as T;
  }

  private async start(): Promise<void> {
    const dispatcher = new Dispatcher(
      this.served,
      this.dataSource,
      this.transport,
      this.registered(),
      this.log,
      this.retention,
      this.faults,
    );
    const { service, all, first, replyTopics } = this.served;
    const topic = first.commandsOf(service);
    const acknowledgements = all.map((topics) => topics.acknowledgements);
    const others = all.flatMap(({ commands, deadLetters }) => [commands, deadLetters]);
    await this.transport.ensureTopics([topic, ...replyTopics, ...acknowledgements, ...others]);
    this.subscription = await this.transport.subscribe({
      group: first.group(service),
      topics: [topic, ...acknowledgements],
      handle: (messages) => this.take(messages, dispatcher),
    });
  }

  private async take(messages: readonly IncomingMessage[], dispatcher: Dispatcher): Promise<void> {
    const commands: IncomingMessage[] = [];
    for (const message of messages) {
      if (this.served.isAcknowledgement(message.topic))
        this.relay.acknowledge(acknowledgedBy(message, this.served.service, this.log));
      else commands.push(message);
    }
    if (commands.length > 0) await dispatcher.flush(commands);
  }

  /** The handlers by command type. Wiring mistakes end the start, with the remedy. */
  private registered(): Map<string, RegisteredHandler> {
    const { service } = this.served;
    const handlers = new Map<string, RegisteredHandler>();
    for (const [pattern, handle] of this.messageHandlers) {
      const extras = handle.extras as HandlerExtras | undefined;
      if (extras?.contract === undefined) throw new WiringError(`${pattern} is no saga command; use @HandleCommand.`);
      const { contract, transaction } = extras;
      if (contract.service !== service) {
        throw new WiringError(`${contract.name} belongs to ${contract.service}; ${service} cannot handle it.`);
      }
      if (this.twice.has(contract.type))
        throw new WiringError(`${contract.name} has two handlers; remove one @HandleCommand.`);
      handlers.set(contract.type, { contract, transaction, handle });
    }
    for (const { name, type } of this.commands) {
      if (!handlers.has(type)) {
        throw new WiringError(
          `${name} has no handler; add a method with @HandleCommand to a controller of ${service}.`,
        );
      }
    }
    return handlers;
  }
}
