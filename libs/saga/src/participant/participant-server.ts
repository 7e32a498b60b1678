import { Logger } from '@nestjs/common';
import { Server } from '@nestjs/microservices';
import type { MessageHandler } from '@nestjs/microservices';
import type { DataSource } from 'typeorm';
import { WiringError, type CommandContract } from '../contract';
import {
  checkDatabase,
  type Faults,
  type IncomingMessage,
  type Relay,
  type Subscription,
  type Transport,
} from '../messaging';
import { acknowledgedBy } from './acknowledged-by';
import type { HandlerServer } from './connect-server';
import { Dispatcher } from './dispatcher';
import type { RetentionOptions } from './retention';
import { SAGA_TRANSPORT, type HandlerExtras } from './handle-command';
import { currentTransaction } from './handler-transaction';
import type { RegisteredHandler } from './handlers';
import { PARTICIPANT_TABLES } from './migrations';
import { poolOf } from './pool';
import type { Served } from './served';

const START_IT = 'call app.startAllMicroservices()';

/**
 * Nest's transport for saga participants. Unlike the Kafka transport that comes with Nest, it answers before an offset is
 * committed, and a handler that throws never blocks its partition.
 */
export class ParticipantServer extends Server implements HandlerServer {
  override readonly transportId = SAGA_TRANSPORT;
  connected = false;
  private readonly log = new Logger('Participant');
  private listening = false;
  private readonly twice = new Set<string>();
  private readonly closing = new AbortController();
  private subscription: Subscription | undefined;

  constructor(
    private readonly served: Served,
    private readonly commands: readonly CommandContract[],
    private readonly dataSource: DataSource,
    private readonly transport: Transport,
    private readonly relay: Relay,
    private readonly handlerTimeoutMs: number,
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
    this.closing.abort();
    await this.subscription?.stop();
    this.subscription = undefined;
  }

  /** Throws unless `connectParticipant` has been called; says so when what it connected was not started. */
  assertConnected(): void {
    const { service } = this.served;
    if (!this.connected)
      throw new WiringError(
        `Nothing connects ${service} with its commands, and with what the orchestrator acknowledges; call ` +
          'connectParticipant(app) before the application starts.',
      );
    if (!this.listening) this.log.warn(`${service} handles no command yet; ${START_IT}`);
  }

  /** Why no commands are handled; undefined while all is well. */
  problem(): string | undefined {
    if (this.subscription) return this.subscription.problem();
    return `the participant does not listen yet${this.listening ? '' : `; ${START_IT}`}`;
  }

  on(): never {
    throw new WiringError('The participant emits no events; look at its problem() instead.');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as Nest declares it
  unwrap<T>(): T {
    return this.transport as T;
  }

  private async start(): Promise<void> {
    this.listening = true;
    const dispatcher = new Dispatcher(
      this.served,
      this.dataSource,
      this.transport,
      this.registered(),
      this.log,
      this.retention,
      this.faults,
    );
    await checkDatabase(poolOf(this.dataSource), PARTICIPANT_TABLES, this.log, this.closing.signal);
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
      const { contract, transaction, handlerTimeoutMs: timeoutMs = this.handlerTimeoutMs } = extras;
      if (contract.service !== service) {
        throw new WiringError(`${contract.name} belongs to ${contract.service}; ${service} cannot handle it.`);
      }
      if (this.twice.has(contract.type))
        throw new WiringError(`${contract.name} has two handlers; remove one @HandleCommand.`);
      if (!this.commands.some((each) => each.type === contract.type)) {
        throw new WiringError(
          `${contract.name} has a handler and is no command of ${service}; add it to the commands of ` +
            `ParticipantModule.forRoot, or remove the @HandleCommand (of ${contract.type}).`,
        );
      }
      const current = currentTransaction(transaction, 'per-command', `The handler of ${contract.name}`, this.log);
      handlers.set(contract.type, { contract, transaction: current, timeoutMs, handle });
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
