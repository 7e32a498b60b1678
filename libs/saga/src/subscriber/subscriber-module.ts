import {
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type INestApplication,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { topicsOf, WiringError } from '../contract';
import {
  KafkaOffsets,
  KafkaTransport,
  queueStatements,
  requireAtLeast,
  surviveBrokenConnections,
  type KafkaOptions,
} from '../messaging';
import { connectServer } from '../participant/connect-server';
import { currentTransaction, type FormerTransaction } from '../participant/handler-transaction';
import { poolOf } from '../participant/pool';
import { EVENT_TRANSPORT } from './handle-event';
import type { Lag, Offsets } from './lag';
import { SubscriberServer } from './subscriber-server';
import type { PassedBy } from './unknown-types';

export interface SubscriberOptions {
  /** The subscriber's name: its instances share the events as the members of this consumer group. */
  readonly group: string;
  readonly kafka: KafkaOptions;
  /** The name of the orchestrator that keeps its dead letters. @default 'orchestrator' */
  readonly orchestrator?: string;
  /**
   * `per-event`: a transaction for each event. `per-batch`: one transaction for all events of a batch, handled one after the
   * other; much cheaper, and right for handlers that only write to their database.
   * @default 'per-event'
   */
  readonly transaction?: 'per-event' | 'per-batch' | FormerTransaction;
  /** How often an event's handler is called before the event is parked. @default 5, within about two seconds */
  readonly attempts?: number;
  /** How many days a handled event is remembered; longer than it may be published again. @default 8 */
  readonly inboxDays?: number;
  /** False when the service opens its groups itself, by {@link Subscriber}. @default true */
  readonly opens?: boolean;
}

/** What a service may ask of its subscription, and do with it. */
export class Subscriber {
  constructor(private readonly server: SubscriberServer) {}

  /** Why no events are handled; undefined while all is well. For a readiness probe. */
  check(): string | undefined {
    return this.server.problem();
  }

  /** How far the group, or another one of this service, is behind. Rejects when the broker does not answer. */
  lag(group?: string): Promise<Lag[]> {
    return this.server.lag(group);
  }

  /** Which events this instance has read and has no handler for, such as those of other publishers; they are no lag. */
  passedBy(group?: string): PassedBy {
    return this.server.passedBy(group);
  }

  /** Handles events as a member of this group, too. A new group begins at the start of the topics. */
  open(group: string): Promise<void> {
    return this.server.open(group);
  }

  shut(group: string): Promise<void> {
    return this.server.shut(group);
  }
}

class SubscriberRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly server: SubscriberServer,
    private readonly transport: KafkaTransport,
  ) {}

  onApplicationBootstrap(): void {
    this.server.assertConnected();
  }

  /** Consumers end before HTTP and the database do, so that what they hold is finished and its offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }
}

export const SUBSCRIBER_TRANSPORT = Symbol('subscriber transport');
export const SUBSCRIBER_OFFSETS = Symbol('subscriber offsets');

/** Makes a Nest application with a TypeORM DataSource a subscriber to the events of other services. */
@Module({})
export class SubscriberModule {
  static forRoot(options: SubscriberOptions): DynamicModule {
    const {
      group,
      kafka,
      orchestrator,
      transaction = 'per-event',
      attempts = 5,
      inboxDays = 8,
      opens = true,
    } = options;
    if (group === '')
      throw new WiringError('A subscriber needs a name of its own: the `group` of SubscriberModule.forRoot.');
    requireAtLeast(1, { attempts, inboxDays });
    const dataSource = getDataSourceToken() as typeof DataSource;
    const topics = topicsOf({ orchestrator, prefix: kafka.topicPrefix });
    const broker = { clientId: group, ...kafka };
    return {
      module: SubscriberModule,
      global: true,
      providers: [
        {
          provide: SUBSCRIBER_TRANSPORT,
          useFactory: () => new KafkaTransport(broker, new Logger('Subscriber'), topics.deadLetters),
        },
        { provide: SUBSCRIBER_OFFSETS, useFactory: () => new KafkaOffsets(broker) },
        {
          provide: SubscriberServer,
          inject: [dataSource, SUBSCRIBER_TRANSPORT, SUBSCRIBER_OFFSETS],
          useFactory: (source: DataSource, transport: KafkaTransport, offsets: Offsets) => {
            const pool = poolOf(source);
            surviveBrokenConnections(pool);
            queueStatements(pool);
            const current = currentTransaction(
              transaction,
              'per-event',
              `The subscriber ${group}`,
              new Logger('Subscriber'),
            );
            return new SubscriberServer(
              { topics, group, transaction: current, attempts, inboxDays, opens },
              source,
              transport,
              offsets,
            );
          },
        },
        {
          provide: Subscriber,
          inject: [SubscriberServer],
          useFactory: (server: SubscriberServer) => new Subscriber(server),
        },
        {
          provide: SubscriberRuntime,
          inject: [SubscriberServer, SUBSCRIBER_TRANSPORT],
          useFactory: (server: SubscriberServer, transport: KafkaTransport) => new SubscriberRuntime(server, transport),
        },
      ],
      exports: [Subscriber],
    };
  }
}

/** Connects the application's @HandleEvent methods; call it before `startAllMicroservices`. */
export function connectSubscriber(app: INestApplication): void {
  connectServer(app, SubscriberServer, {
    module: 'SubscriberModule',
    decorator: 'HandleEvent',
    transport: EVENT_TRANSPORT,
  });
}
