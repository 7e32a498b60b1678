import { Logger } from '@nestjs/common';
import { type MessageHandler, Server } from '@nestjs/microservices';
import type { DataSource } from 'typeorm';
import {
  type CommandContract,
  ConfigurationError,
  parseAcknowledgement,
  sourceOf,
  UnreadableMessageError,
} from '../contract';
import { currentTransaction, type HandlerServer } from '../handlers';
import {
  checkDatabase,
  type Hooks,
  type IncomingMessage,
  type Log,
  namingBrokers,
  poolOf,
  type Relay,
  type Subscription,
  type Tables,
  type Transport,
} from '../messaging';
import { Dispatcher } from './dispatcher';
import { COMMAND_TRANSPORT, type HandlerExtras } from './handle-command';
import { PARTICIPANT_TABLES } from './migrations';
import type { RegisteredHandler } from './registered-handler';
import type { RetentionOptions } from './retention';
import type { Served } from './served';

const START_IT = 'call app.startAllMicroservices()';

export interface ParticipantServerOptions {
  readonly served: Served;
  readonly commands: readonly CommandContract[];
  readonly dataSource: DataSource;
  readonly transport: Transport;
  /** As they are named to operators. */
  readonly brokers: readonly string[];
  readonly relay: Relay;
  /** The topic on which the service publishes events; undefined when it publishes none. */
  readonly publishesOn: string | undefined;
  /** The default for handlers that set none. */
  readonly handlerTimeoutMs: number;
  readonly retention: RetentionOptions;
  readonly tables: Tables;
  readonly hooks?: Hooks | undefined;
}

/**
 * Nest's transport for saga participants. Unlike Nest's own Kafka transport, it answers before an offset is committed,
 * and a handler that throws never blocks its partition.
 */
export class ParticipantServer extends Server implements HandlerServer {
  override readonly transportId = COMMAND_TRANSPORT;
  connected = false;
  private readonly log = new Logger('Participant');
  private listening = false;
  private readonly twice = new Set<string>();
  private readonly closing = new AbortController();
  private subscription: Subscription | undefined;
  private dispatcher: Dispatcher | undefined;

  constructor(private readonly options: ParticipantServerOptions) {
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
    this.dispatcher?.close();
  }

  /** Throws unless `connectParticipant` has been called; reports servers that were connected but not started. */
  assertConnected(): void {
    const { service } = this.options.served;
    if (!this.connected)
      throw new ConfigurationError(
        `Nothing connects ${service} with its commands, and with what the orchestrator acknowledges; call ` +
          'connectParticipant(app) before the application starts.',
      );
    if (!this.listening) this.log.warn(`${service} handles no command yet; ${START_IT}`);
  }

  /** Why no commands are handled; undefined while all is well. */
  problem(): string | undefined {
    if (this.subscription) return this.subscription.problem();
    return `the participant has not started consuming yet${this.listening ? namingBrokers(this.options.brokers) : `; ${START_IT}`}`;
  }

  on(): never {
    throw new ConfigurationError('The participant emits no events; use its problem() instead.');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as Nest declares it
  unwrap<T>(): T {
    return this.options.transport as T;
  }

  private async start(): Promise<void> {
    this.listening = true;
    const dispatcher = (this.dispatcher = new Dispatcher({
      ...this.options,
      handlers: this.registered(),
      log: this.log,
    }));
    await checkDatabase(poolOf(this.options.dataSource), PARTICIPANT_TABLES, this.log, {
      tables: this.options.tables,
      signal: this.closing.signal,
    });
    const { service, all, first, replyTopics } = this.options.served;
    const topic = first.commandsOf(service);
    const acknowledgements = all.map((topics) => topics.acknowledgements);
    const others = all.flatMap(({ commands, deadLetters }) => [commands, deadLetters]);
    const events = this.options.publishesOn === undefined ? [] : [this.options.publishesOn];
    await this.options.transport.ensureTopics([topic, ...replyTopics, ...acknowledgements, ...others, ...events]);
    this.subscription = await this.options.transport.subscribe({
      group: first.group(service),
      topics: [topic, ...acknowledgements],
      handle: (messages) => this.take(messages, dispatcher),
    });
  }

  private async take(messages: readonly IncomingMessage[], dispatcher: Dispatcher): Promise<void> {
    const commands: IncomingMessage[] = [];
    for (const message of messages) {
      if (this.options.served.isAcknowledgement(message.topic))
        this.options.relay.acknowledge(acknowledgedBy(message, this.options.served.service, this.log));
      else commands.push(message);
    }
    if (commands.length > 0) await dispatcher.handleBatch(commands);
  }

  /** The handlers by command type. Configuration errors fail the start, with the remedy. */
  private registered(): Map<string, RegisteredHandler> {
    const { service } = this.options.served;
    const handlers = new Map<string, RegisteredHandler>();
    for (const [pattern, handle] of this.messageHandlers) {
      const extras = handle.extras as HandlerExtras | undefined;
      if (extras?.contract === undefined)
        throw new ConfigurationError(`${pattern} is no saga command; use @HandleCommand.`);
      const {
        contract,
        transaction,
        takesContext,
        handlerTimeoutMs: timeoutMs = this.options.handlerTimeoutMs,
      } = extras;
      if (contract.service !== service) {
        throw new ConfigurationError(`${contract.name} belongs to ${contract.service}; ${service} cannot handle it.`);
      }
      if (this.twice.has(contract.type))
        throw new ConfigurationError(`${contract.name} has two handlers; remove one @HandleCommand.`);
      if (!this.options.commands.some((each) => each.type === contract.type)) {
        throw new ConfigurationError(
          `${contract.name} has a handler and is no command of ${service}; add it to the commands of ` +
            `ParticipantModule.forRoot, or remove the @HandleCommand (of ${contract.type}).`,
        );
      }
      const current = currentTransaction(transaction, 'per-command', `The handler of ${contract.name}`, this.log);
      handlers.set(contract.type, { contract, transaction: current, timeoutMs, takesContext, handle });
    }
    for (const { name, type } of this.options.commands) {
      if (!handlers.has(type)) {
        throw new ConfigurationError(
          `${name} has no handler; add a method with @HandleCommand to a controller of ${service}.`,
        );
      }
    }
    return handlers;
  }
}

/** The ids of this service's messages that this message acknowledges; none when it cannot be read. */
export function acknowledgedBy({ value }: IncomingMessage, service: string, log: Log): readonly string[] {
  try {
    const { to, ids } = parseAcknowledgement(value).data;
    return to === sourceOf(service) ? ids : [];
  } catch (error) {
    if (!(error instanceof UnreadableMessageError)) throw error;
    log.warn(`an acknowledgement cannot be read: ${error.message}`);
    return [];
  }
}
