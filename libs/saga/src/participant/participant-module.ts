import {
  Logger,
  Module,
  type DynamicModule,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  type INestApplication,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ConfigurationError, type CommandContract, type EventContract } from '../contract';
import {
  EventRelay,
  FAULTS,
  keepUnacknowledged,
  KafkaTransport,
  Relay,
  queueStatements,
  requireAtLeast,
  RESEND_AFTER_MS,
  Resender,
  surviveBrokenConnections,
  Sweeper,
  type Faults,
  type KafkaOptions,
  type Sql,
  type Transport,
} from '../messaging';
import { connectServer } from './connect-server';
import { BroadcastSubscription } from './broadcast-subscription';
import { Events } from './events';
import { SAGA_TRANSPORT } from './handle-command';
import { HANDLER_TIMEOUT, timeoutMsOf, type HandlerTimeout } from './handler-timeout';
import { poolOf } from './pool';
import { ParticipantServer } from './participant-server';
import { Retention, type RetentionOptions } from './retention';
import { Sagas } from './sagas';
import { Served } from './served';

const SEND_WITHIN_MS = 1_000;
const SERVICE_NAME = /^[a-z][a-z0-9-]*$/;
/** With fewer no message would be young enough to be handled. */
const LEAST_INBOX_DAYS = 2;

export interface ParticipantOptions extends RetentionOptions {
  /** The service's name: its commands come by `<service>.commands`. */
  readonly service: string;
  /** Every command this service handles; the start fails when one has no handler, and for a handler of any other. */
  readonly commands: readonly CommandContract[];
  /** Every event that this service publishes. @default none */
  readonly events?: readonly EventContract[];
  /**
   * The names of the orchestrators whose commands it takes and answers, and whose sagas it starts. What cannot be told to be
   * another's is parked with the first. @default ['orchestrator']
   */
  readonly orchestrators?: readonly string[];
  readonly kafka: KafkaOptions;
  /**
   * How long a handler may take, as `10s`, or `off`, unless its `@HandleCommand` says otherwise. Let it be shorter than the timeout
   * of the steps that send its command, which is 5 s unless their definition says otherwise. @default '4s'
   */
  readonly handlerTimeout?: HandlerTimeout;
  /**
   * How long the orchestrator has to acknowledge a start or a signal before it is sent again; each time it has twice as long,
   * up to an hour. @default 30000
   */
  readonly resendAfterMs?: number;
}

/** What runs beside the handlers: relays, sweeper and retention. */
class ParticipantRuntime
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly transport: Transport,
    private readonly server: ParticipantServer,
    private readonly relay: Relay,
    private readonly sweeper: Sweeper,
    private readonly resender: Resender,
    private readonly retention: Retention,
    private readonly eventRelay: EventRelay | undefined,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.retention.start();
    this.sweeper.start();
    this.resender.start();
    this.eventRelay?.start();
  }

  /** Why commands are not handled, or what was committed does not leave; undefined while all is well. */
  problem(): string | undefined {
    const parts = [this.server, this.sweeper, this.resender, this.eventRelay];
    const problems = parts.flatMap((each) => each?.problem() ?? []);
    return problems.length === 0 ? undefined : problems.join('; ');
  }

  onApplicationBootstrap(): void {
    this.server.assertConnected();
  }

  /** Consumers end before HTTP and the database do, so that what they hold is finished and its offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close();
    await Promise.all([this.sweeper.stop(), this.eventRelay?.stop()]);
    await this.retention.stop();
    await this.relay.tidy().catch(() => undefined);
    await this.resender.stop().catch(() => undefined);
  }

  /** What the last requests have committed leaves before the database closes, or it would wait for somebody's sweeper. */
  async onApplicationShutdown(): Promise<void> {
    await this.relay.drain(SEND_WITHIN_MS);
    await this.transport.close();
  }
}

/** Tells whether commands are being handled, and what was committed leaves; for a readiness probe. */
export class ParticipantHealth {
  constructor(private readonly runtime: ParticipantRuntime) {}

  /** What is wrong; undefined while all is well. */
  check(): string | undefined {
    return this.runtime.problem();
  }
}

/** Makes a Nest application with a TypeORM DataSource take part in sagas. */
@Module({})
export class ParticipantModule {
  static forRoot({
    service,
    commands,
    events = [],
    orchestrators,
    kafka,
    handlerTimeout = HANDLER_TIMEOUT,
    resendAfterMs = RESEND_AFTER_MS,
    ...retention
  }: ParticipantOptions): DynamicModule {
    const dataSource = getDataSourceToken() as typeof DataSource;
    if (!SERVICE_NAME.test(service))
      throw new ConfigurationError(`"${service}" is no name of a service; use lower-case letters, digits and dashes.`);
    requireAtLeast(1, { resendAfterMs });
    requireAtLeast(LEAST_INBOX_DAYS, { inboxDays: retention.inboxDays ?? LEAST_INBOX_DAYS });
    requireAtLeast(LEAST_INBOX_DAYS, { thirdPartyCallDays: retention.thirdPartyCallDays ?? LEAST_INBOX_DAYS });
    const handlerTimeoutMs = timeoutMsOf(handlerTimeout);
    const served = Served.of(service, orchestrators, kafka.topicPrefix);
    const topic = served.first.eventsOf(service);
    const log = new Logger('Participant');
    const faults = { token: FAULTS, optional: true };
    return {
      module: ParticipantModule,
      global: true,
      providers: [
        {
          provide: KafkaTransport,
          inject: [faults],
          useFactory: (striking?: Faults): Transport => {
            const transport = new KafkaTransport({ clientId: service, ...kafka }, log, served.first.deadLetters);
            return striking?.around(transport) ?? transport;
          },
        },
        {
          provide: Relay,
          inject: [dataSource, KafkaTransport],
          useFactory: (source: DataSource, transport: Transport) => new Relay(poolOf(source), transport, log),
        },
        {
          provide: Sagas,
          inject: [dataSource, Relay, faults],
          useFactory: (source: DataSource, relay: Relay, striking?: Faults) =>
            new Sagas(served, source, relay, striking),
        },
        {
          provide: EventRelay,
          inject: [dataSource, KafkaTransport],
          useFactory: (source: DataSource, transport: Transport) =>
            new EventRelay(poolOf(source), transport, topic, log),
        },
        {
          provide: Events,
          inject: [dataSource, EventRelay],
          useFactory: (source: DataSource, relay: EventRelay) => new Events(service, topic, events, source, relay),
        },
        {
          provide: BroadcastSubscription,
          inject: [KafkaTransport],
          useFactory: (transport: KafkaTransport) => new BroadcastSubscription(transport, served.first),
        },
        {
          provide: ParticipantServer,
          inject: [dataSource, KafkaTransport, Relay, faults],
          useFactory: (source: DataSource, transport: Transport, relay: Relay, striking?: Faults) =>
            new ParticipantServer(served, commands, source, transport, relay, handlerTimeoutMs, retention, striking),
        },
        {
          provide: ParticipantHealth,
          inject: [ParticipantRuntime],
          useFactory: (runtime: ParticipantRuntime) => new ParticipantHealth(runtime),
        },
        {
          provide: ParticipantRuntime,
          inject: [dataSource, KafkaTransport, ParticipantServer, Relay, EventRelay],
          useFactory: (
            source: DataSource,
            transport: Transport,
            server: ParticipantServer,
            relay: Relay,
            eventRelay: EventRelay,
          ) => {
            const pool = poolOf(source);
            surviveBrokenConnections(pool);
            queueStatements(pool);
            const keep = (sql: Sql, ids: readonly string[]): Promise<void> =>
              keepUnacknowledged(sql, ids, resendAfterMs);
            return new ParticipantRuntime(
              transport,
              server,
              relay,
              new Sweeper(pool, transport, log, undefined, keep),
              new Resender(pool, transport, relay, log, { afterMs: resendAfterMs }),
              new Retention(source, retention, log),
              events.length > 0 ? eventRelay : undefined,
            );
          },
        },
      ],
      exports: [Sagas, Events, BroadcastSubscription, ParticipantHealth],
    };
  }
}

/** Connects the application's @HandleCommand methods; call it before `startAllMicroservices`. */
export function connectParticipant(app: INestApplication): void {
  connectServer(app, ParticipantServer, {
    module: 'ParticipantModule',
    decorator: 'HandleCommand',
    transport: SAGA_TRANSPORT,
  });
}
