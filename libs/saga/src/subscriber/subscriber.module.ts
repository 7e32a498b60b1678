import {
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type INestApplication,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  indicate,
  KafkaOffsets,
  KafkaTransport,
  poolOf,
  queueStatements,
  SAGA_TRANSPORT,
  surviveBrokenConnections,
  type HealthIndication,
  type Transport,
} from '../messaging';
import { connectServer, currentTransaction } from '../handlers';
import { EVENT_TRANSPORT } from './handle-event';
import type { Lag, Offsets } from './lag';
import {
  ConfigurableSubscriberModule,
  SUBSCRIBER_DATA_SOURCE,
  SUBSCRIBER_OPTIONS,
  SubscriberSettings,
  type SubscriberModuleExtras,
  type SubscriberOptions,
} from './subscriber-options';
import { SubscriberServer } from './subscriber-server';
import type { PassedBy } from './unknown-types';

/** Lets a service inspect and control its subscription. */
export class Subscriber {
  /** @internal */
  constructor(private readonly server: SubscriberServer) {}

  /** Why no events are handled; undefined while all is well. For a readiness probe. */
  check(): string | undefined {
    return this.server.problem();
  }

  /** The same as a health indicator of `@nestjs/terminus`: `() => subscriber.isHealthy('subscriber')`. */
  isHealthy<Key extends string>(key: Key): HealthIndication<Key> {
    return indicate(key, this.check());
  }

  /** The lag of the group, or of another one of this service. Rejects when the broker does not answer. */
  lag(group?: string): Promise<Lag[]> {
    return this.server.lag(group);
  }

  /**
   * The events that this instance has read and has no handler for, such as those of other publishers; they are no lag.
   */
  passedBy(group?: string): PassedBy {
    return this.server.passedBy(group);
  }

  /** Handles events as a member of this group, too. A new group begins at the start of the topics. */
  open(group: string): Promise<void> {
    return this.server.open(group);
  }

  /** Leaves this group. Resolves when its running batch is processed. */
  shut(group: string): Promise<void> {
    return this.server.shut(group);
  }
}

class SubscriberRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly server: SubscriberServer,
    private readonly transport: Transport,
  ) {}

  onApplicationBootstrap(): void {
    this.server.assertConnected();
  }

  /** Consumers stop before HTTP and the database do, so that running batches finish and their offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }
}

/** The source of the end offsets of topics. */
export const SUBSCRIBER_OFFSETS = Symbol('subscriber offsets');

/**
 * Makes a Nest application with a TypeORM DataSource a subscriber to the events of other services. `forRoot` takes the options;
 * `forRootAsync` takes them from a factory, such as one that injects a ConfigService.
 *
 * @throws ConfigurationError for options that are missing or wrong.
 */
@Module({
  providers: [
    {
      provide: SubscriberSettings,
      inject: [SUBSCRIBER_OPTIONS],
      useFactory: (options: SubscriberOptions) => SubscriberSettings.of(options),
    },
    {
      provide: SAGA_TRANSPORT,
      inject: [SubscriberSettings],
      useFactory: ({ group, kafka, topics }: SubscriberSettings) =>
        new KafkaTransport({ clientId: group, ...kafka, service: group }, new Logger('Subscriber'), topics.deadLetters),
    },
    {
      provide: SUBSCRIBER_OFFSETS,
      inject: [SubscriberSettings],
      useFactory: ({ group, kafka }: SubscriberSettings) => new KafkaOffsets({ clientId: group, ...kafka }),
    },
    {
      provide: SubscriberServer,
      inject: [SubscriberSettings, SUBSCRIBER_DATA_SOURCE, SAGA_TRANSPORT, SUBSCRIBER_OFFSETS],
      useFactory: (settings: SubscriberSettings, source: DataSource, transport: Transport, offsets: Offsets) => {
        const pool = poolOf(source);
        surviveBrokenConnections(pool);
        queueStatements(pool);
        const owner = `The subscriber ${settings.group}`;
        const transaction = currentTransaction(settings.transaction, 'per-event', owner, new Logger('Subscriber'));
        return new SubscriberServer({ ...settings, transaction }, source, transport, offsets);
      },
    },
    {
      provide: Subscriber,
      inject: [SubscriberServer],
      useFactory: (server: SubscriberServer) => new Subscriber(server),
    },
    {
      provide: SubscriberRuntime,
      inject: [SubscriberServer, SAGA_TRANSPORT],
      useFactory: (server: SubscriberServer, transport: Transport) => new SubscriberRuntime(server, transport),
    },
  ],
  exports: [Subscriber],
})
export class SubscriberModule extends ConfigurableSubscriberModule {
  /** Invalid options stop the application before any provider is created. */
  static override forRoot(options: SubscriberOptions & SubscriberModuleExtras): DynamicModule {
    SubscriberSettings.of(options);
    return super.forRoot(options);
  }
}

/** Connects the application's `@HandleEvent` methods; call it before `startAllMicroservices`. */
export function connectSubscriber(app: INestApplication): void {
  connectServer(app, SubscriberServer, {
    module: 'SubscriberModule',
    decorator: 'HandleEvent',
    transport: EVENT_TRANSPORT,
  });
}
