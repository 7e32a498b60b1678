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
import type { DataSource } from 'typeorm';
import {
  EventOutbox,
  EventRelay,
  HOOKS,
  indicate,
  KafkaTransport,
  Outbox,
  poolOf,
  queueStatements,
  Relay,
  Resender,
  SAGA_TRANSPORT,
  surviveBrokenConnections,
  Sweeper,
  type HealthIndication,
  type Hooks,
  type Sql,
  type Transport,
} from '../messaging';
import { connectServer } from '../handlers';
import { BroadcastSubscription } from './broadcast-subscription';
import { Events } from './events';
import { COMMAND_TRANSPORT } from './handle-command';
import {
  ConfigurableParticipantModule,
  PARTICIPANT_DATA_SOURCE,
  PARTICIPANT_OPTIONS,
  ParticipantSettings,
  type ParticipantModuleExtras,
  type ParticipantOptions,
} from './participant-options';
import { ParticipantServer } from './participant-server';
import { Retention } from './retention';
import { Sagas } from './sagas';

const SEND_WITHIN_MS = 1_000;
interface RuntimeParts {
  readonly transport: Transport;
  readonly server: ParticipantServer;
  readonly relay: Relay;
  readonly sweeper: Sweeper;
  readonly resender: Resender;
  readonly retention: Retention;
  /** The topic on which the service publishes events. */
  readonly eventRelay: EventRelay | undefined;
}

/** The background tasks beside the handlers: relays, sweeper and retention. */
class ParticipantRuntime
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(private readonly parts: RuntimeParts) {}

  async onModuleInit(): Promise<void> {
    await this.parts.retention.start();
    this.parts.sweeper.start();
    this.parts.resender.start();
    this.parts.eventRelay?.start();
  }

  /** Why commands are not handled, or committed messages are not sent; undefined while all is well. */
  problem(): string | undefined {
    const checked = [this.parts.server, this.parts.sweeper, this.parts.resender, this.parts.eventRelay];
    const problems = checked.flatMap((each) => each?.problem() ?? []);
    return problems.length === 0 ? undefined : problems.join('; ');
  }

  onApplicationBootstrap(): void {
    this.parts.server.assertConnected();
  }

  /** Consumers stop before HTTP and the database do, so that running batches finish and their offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.parts.server.close();
    await Promise.all([this.parts.sweeper.stop(), this.parts.eventRelay?.stop()]);
    await this.parts.retention.stop();
    await this.parts.relay.tidy().catch(() => undefined);
    await this.parts.resender.stop().catch(() => undefined);
  }

  /**
   * Publishes what the last requests have committed before the database closes; otherwise it would wait for another
   * instance's sweeper.
   */
  async onApplicationShutdown(): Promise<void> {
    await this.parts.relay.drain(SEND_WITHIN_MS);
    await this.parts.transport.close();
  }
}

/** Reports whether commands are being handled and committed messages are sent; for a readiness probe. */
export class ParticipantHealth {
  /** @internal */
  constructor(private readonly runtime: ParticipantRuntime) {}

  /** What is wrong; undefined while all is well. */
  check(): string | undefined {
    return this.runtime.problem();
  }

  /** The same as a health indicator of `@nestjs/terminus`: `() => health.isHealthy('participant')`. */
  isHealthy<Key extends string>(key: Key): HealthIndication<Key> {
    return indicate(key, this.check());
  }
}

const HOOKS_IF_ANY = { token: HOOKS, optional: true };
const LOG = new Logger('Participant');

/**
 * Makes a Nest application with a TypeORM DataSource take part in sagas. `forRoot` takes the options; `forRootAsync` takes them
 * from a factory, such as one that injects a ConfigService.
 *
 * @throws ConfigurationError for options that are missing or wrong.
 */
@Module({
  providers: [
    {
      provide: ParticipantSettings,
      inject: [PARTICIPANT_OPTIONS],
      useFactory: (options: ParticipantOptions) => ParticipantSettings.of(options),
    },
    {
      provide: SAGA_TRANSPORT,
      inject: [ParticipantSettings, HOOKS_IF_ANY],
      useFactory: ({ service, kafka, served }: ParticipantSettings, hooks?: Hooks): Transport => {
        const transport = new KafkaTransport({ clientId: service, ...kafka, service }, LOG, served.first.deadLetters);
        return hooks?.wrapTransport(transport) ?? transport;
      },
    },
    {
      provide: Relay,
      inject: [ParticipantSettings, PARTICIPANT_DATA_SOURCE, SAGA_TRANSPORT],
      useFactory: ({ tables }: ParticipantSettings, source: DataSource, transport: Transport) =>
        new Relay(poolOf(source), transport, { log: LOG, outbox: new Outbox(tables) }),
    },
    {
      provide: Sagas,
      inject: [ParticipantSettings, PARTICIPANT_DATA_SOURCE, Relay, HOOKS_IF_ANY],
      useFactory: ({ served }: ParticipantSettings, source: DataSource, relay: Relay, hooks?: Hooks) =>
        new Sagas(served, source, relay, hooks),
    },
    {
      provide: EventRelay,
      inject: [ParticipantSettings, PARTICIPANT_DATA_SOURCE, SAGA_TRANSPORT],
      useFactory: ({ ownEventTopic: topic, tables }: ParticipantSettings, source: DataSource, transport: Transport) =>
        new EventRelay(poolOf(source), transport, { topic, log: LOG, outbox: new EventOutbox(tables) }),
    },
    {
      provide: Events,
      inject: [ParticipantSettings, PARTICIPANT_DATA_SOURCE, EventRelay],
      useFactory: ({ service, ownEventTopic, events }: ParticipantSettings, source: DataSource, relay: EventRelay) =>
        new Events({ service, topic: ownEventTopic, declared: events }, source, relay),
    },
    {
      provide: BroadcastSubscription,
      inject: [ParticipantSettings, SAGA_TRANSPORT],
      useFactory: ({ served }: ParticipantSettings, transport: Transport) =>
        new BroadcastSubscription(transport, served.first, LOG),
    },
    {
      provide: ParticipantServer,
      inject: [ParticipantSettings, PARTICIPANT_DATA_SOURCE, SAGA_TRANSPORT, Relay, HOOKS_IF_ANY],
      useFactory: (
        { served, commands, events, ownEventTopic, kafka, handlerTimeoutMs, retention, tables }: ParticipantSettings,
        dataSource: DataSource,
        transport: Transport,
        relay: Relay,
        hooks?: Hooks,
      ) =>
        new ParticipantServer({
          served,
          commands,
          dataSource,
          transport,
          brokers: kafka.brokers,
          relay,
          publishesOn: events.length > 0 ? ownEventTopic : undefined,
          handlerTimeoutMs,
          retention,
          tables,
          hooks,
        }),
    },
    {
      provide: ParticipantHealth,
      inject: [ParticipantRuntime],
      useFactory: (runtime: ParticipantRuntime) => new ParticipantHealth(runtime),
    },
    {
      provide: ParticipantRuntime,
      inject: [ParticipantSettings, PARTICIPANT_DATA_SOURCE, SAGA_TRANSPORT, ParticipantServer, Relay, EventRelay],
      useFactory: (
        { events, resendAfterMs, retention }: ParticipantSettings,
        source: DataSource,
        transport: Transport,
        server: ParticipantServer,
        relay: Relay,
        eventRelay: EventRelay,
      ) => {
        const pool = poolOf(source);
        surviveBrokenConnections(pool);
        queueStatements(pool);
        const { outbox } = relay;
        const sent = (sql: Sql, ids: readonly string[]): Promise<void> =>
          outbox.storeUnacknowledged(sql, ids, resendAfterMs);
        return new ParticipantRuntime({
          transport,
          server,
          relay,
          sweeper: new Sweeper(pool, transport, LOG, { sent, outbox }),
          resender: new Resender(pool, transport, relay, { log: LOG, afterMs: resendAfterMs }),
          retention: new Retention(source, retention, LOG),
          eventRelay: events.length > 0 ? eventRelay : undefined,
        });
      },
    },
  ],
  exports: [Sagas, Events, BroadcastSubscription, ParticipantHealth],
})
export class ParticipantModule extends ConfigurableParticipantModule {
  /** Invalid options stop the application before any provider is created. */
  static override forRoot(options: ParticipantOptions & ParticipantModuleExtras): DynamicModule {
    const { isGlobal: _isGlobal, dataSource: _dataSource, ...own } = options;
    ParticipantSettings.of(own);
    return super.forRoot(options);
  }
}

/** Connects the application's `@HandleCommand` methods; call it before `startAllMicroservices`. */
export function connectParticipant(app: INestApplication): void {
  connectServer(app, ParticipantServer, {
    module: 'ParticipantModule',
    decorator: 'HandleCommand',
    transport: COMMAND_TRANSPORT,
  });
}
