import {
  Logger,
  Module,
  type DynamicModule,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import {
  ACKNOWLEDGEMENTS,
  DEAD_LETTERS,
  ORCHESTRATOR_COMMANDS,
  WiringError,
  commandTopic,
  replyTopic,
} from '../contract';
import { DefinitionRegistry, stepsOf, type SagaDefinition } from '../definition';
import {
  EventRelay,
  FAULT_WITNESS,
  FAULTS,
  KafkaTransport,
  requireAtLeast,
  Sweeper,
  type ConnectionSettings,
  type Faults,
  type KafkaOptions,
  type Subscription,
  type Transport,
} from '../messaging';
import { AwaitedDefinitions } from './awaited-definitions';
import { DeadLetterKeeper } from './dead-letters/dead-letter-keeper';
import { DeadLetterOffice } from './dead-letters/dead-letter-office';
import { DeadLetterRetention } from './dead-letters/dead-letter-retention';
import { DeadLetterStore } from './dead-letters/dead-letter-store';
import { Redriver } from './dead-letters/redriver';
import { HistoryWitness } from './history-witness';
import { Interventions } from './interventions';
import { LIFECYCLE_TOPIC } from './lifecycle';
import { SagaRetention } from './saga-retention';
import { SagaRunner } from './saga-runner';
import { SagaStore } from './saga-store';
import { Timers } from './timers';

const DEAD_LETTER_DAYS = 30;
const DATABASE_URL = /^postgres(ql)?:\/\/./;

export interface OrchestratorOptions {
  /** Every definition, each in all versions that still have live sagas. */
  readonly definitions: readonly SagaDefinition[];
  readonly kafka: KafkaOptions;
  /** Of the orchestrator's own database; its tables come from `orchestratorMigrations`. */
  readonly databaseUrl: string;
  /** How its connections are opened and watched. */
  readonly connection?: ConnectionSettings | undefined;
  /** How many days a dead letter is kept after somebody has decided on it. @default 30 */
  readonly deadLetterDays?: number;
  /**
   * How many days a saga is kept after its end, with its history; 2 or more. A start that comes so late after it was asked for,
   * but for a day, is parked. @default Infinity
   */
  readonly endedSagaDays?: number;
  /** Whether what becomes of sagas is made known on `saga.events`. It costs a row and a message for each change. @default false */
  readonly lifecycleEvents?: boolean;
}

/** Where children answer; it is there also when no saga has any, so that an answer never waits for its topic. */
const OWN_REPLIES = replyTopic('orchestrator');

/** Listens to starts and replies, and runs timers, sweeper and the search for sagas whose definition has come, from the start of the application to its end. */
export class Orchestrator implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly closing = new AbortController();
  private subscription: Subscription | undefined;

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    private readonly runner: SagaRunner,
    private readonly transport: Transport,
    private readonly timers: Timers,
    private readonly sweeper: Sweeper,
    private readonly awaited: AwaitedDefinitions,
    private readonly retention: SagaRetention,
    private readonly eventRelay: EventRelay | undefined,
  ) {}

  /** Why sagas do not advance; undefined while all is well. For a readiness probe. */
  check(): string | undefined {
    return this.subscription ? this.subscription.problem() : 'the orchestrator does not listen yet';
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.store.check(this.closing.signal);
    const services = servicesOf(this.registry.all());
    const replies = services.map(replyTopic);
    const commands = [ORCHESTRATOR_COMMANDS, ...services.map(commandTopic)];
    await this.transport.ensureTopics([ACKNOWLEDGEMENTS, DEAD_LETTERS, ...commands, ...replies, OWN_REPLIES]);
    this.subscription = await this.transport.subscribe({
      group: 'orchestrator',
      topics: [ORCHESTRATOR_COMMANDS, ...replies],
      handle: (messages) => this.runner.flush(messages),
    });
    this.timers.start();
    this.sweeper.start();
    this.awaited.start();
    this.retention.start();
    this.eventRelay?.start();
  }

  /** Consumers end before HTTP and the database do, so that what they hold is finished and its offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.subscription?.stop();
    await this.timers.stop();
    await this.sweeper.stop();
    await Promise.all([this.awaited.stop(), this.retention.stop(), this.eventRelay?.stop()]);
    await this.runner.tidy().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
    await this.store.close();
  }
}

/** Makes a Nest application the orchestrator of these sagas. */
@Module({})
export class OrchestratorModule {
  static forRoot({
    definitions,
    kafka,
    databaseUrl,
    connection,
    deadLetterDays = DEAD_LETTER_DAYS,
    endedSagaDays = Infinity,
    lifecycleEvents = false,
  }: OrchestratorOptions): DynamicModule {
    if (!(endedSagaDays >= 2))
      throw new WiringError('endedSagaDays must be 2 or more; leave it out to keep all sagas.');
    requireAtLeast(0, { deadLetterDays });
    if (definitions.length === 0)
      throw new WiringError('The orchestrator has no saga; add what defineSaga(…).build() returns to `definitions`.');
    if (!DATABASE_URL.test(databaseUrl))
      throw new WiringError(
        'databaseUrl must be the URL of a PostgreSQL database: postgres://user:password@host:5432/name.',
      );
    const log = new Logger('Orchestrator');
    const faults = { token: FAULTS, optional: true };
    return {
      module: OrchestratorModule,
      global: true,
      providers: [
        { provide: DefinitionRegistry, useFactory: () => new DefinitionRegistry(definitions) },
        {
          provide: KafkaTransport,
          inject: [faults],
          useFactory: (striking?: Faults): Transport => {
            const transport = new KafkaTransport({ clientId: 'orchestrator', ...kafka }, log);
            return striking?.around(transport) ?? transport;
          },
        },
        {
          provide: SagaStore,
          // One more connection for the relay of events, which keeps the one on which it leads.
          useFactory: () => new SagaStore({ databaseUrl, connection, max: lifecycleEvents ? 5 : 4 }, log),
        },
        {
          provide: EventRelay,
          inject: [SagaStore, KafkaTransport],
          useFactory: (store: SagaStore, transport: Transport) =>
            new EventRelay(store.pool, transport, LIFECYCLE_TOPIC, log),
        },
        {
          provide: SagaRunner,
          inject: [DefinitionRegistry, SagaStore, KafkaTransport, faults],
          useFactory: (registry: DefinitionRegistry, store: SagaStore, transport: Transport, striking?: Faults) =>
            new SagaRunner(registry, store, transport, log, striking, endedSagaDays),
        },
        {
          provide: FAULT_WITNESS,
          inject: [DefinitionRegistry, SagaStore, SagaRunner],
          useFactory: (registry: DefinitionRegistry, store: SagaStore, runner: SagaRunner) =>
            new HistoryWitness(registry, store, runner),
        },
        {
          provide: Interventions,
          inject: [DefinitionRegistry, SagaStore, SagaRunner],
          useFactory: (registry: DefinitionRegistry, store: SagaStore, runner: SagaRunner) =>
            new Interventions(registry, store, runner, log),
        },
        {
          provide: DeadLetterStore,
          inject: [SagaStore],
          useFactory: (store: SagaStore) => new DeadLetterStore(store.pool),
        },
        {
          provide: Redriver,
          inject: [DeadLetterStore, KafkaTransport],
          useFactory: (store: DeadLetterStore, transport: KafkaTransport) => new Redriver(store, transport, log),
        },
        {
          provide: DeadLetterOffice,
          inject: [DeadLetterStore, KafkaTransport, Redriver],
          useFactory: (store: DeadLetterStore, transport: KafkaTransport, redriver: Redriver) =>
            new DeadLetterOffice(
              new DeadLetterKeeper(store, transport, log),
              redriver,
              new DeadLetterRetention(store, deadLetterDays, log),
            ),
        },
        {
          provide: Orchestrator,
          inject: [DefinitionRegistry, SagaStore, SagaRunner, KafkaTransport, EventRelay],
          useFactory: (
            registry: DefinitionRegistry,
            store: SagaStore,
            runner: SagaRunner,
            transport: Transport,
            eventRelay: EventRelay,
          ) => {
            if (lifecycleEvents) store.tellLifecycle(() => eventRelay.hurry());
            return new Orchestrator(
              registry,
              store,
              runner,
              transport,
              new Timers(store, runner, log),
              new Sweeper(store.pool, transport, log),
              new AwaitedDefinitions(registry, store, runner, log),
              new SagaRetention(store, endedSagaDays, log),
              lifecycleEvents ? eventRelay : undefined,
            );
          },
        },
      ],
      exports: [
        Orchestrator,
        DefinitionRegistry,
        SagaStore,
        SagaRunner,
        Interventions,
        FAULT_WITNESS,
        DeadLetterStore,
        Redriver,
      ],
    };
  }
}

function servicesOf(definitions: readonly SagaDefinition[]): string[] {
  const commands = definitions
    .flatMap(stepsOf)
    .flatMap(({ action, compensation }) => [action?.command, compensation?.command]);
  return [...new Set(commands.flatMap((command) => (command ? [command.service] : [])))];
}
