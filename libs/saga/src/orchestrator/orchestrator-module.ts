import {
  Logger,
  Module,
  type DynamicModule,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { CHILDREN, topicsOf, WiringError, type Topics } from '../contract';
import { DefinitionRegistry, outlivesMemory, rememberedMs, type SagaDefinition } from '../definition';
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
import { NameClaim } from './name-claim';
import { ParticipantMemory } from './participant-memory';
import { SagaRetention } from './saga-retention';
import { SagaRunner } from './saga-runner';
import { SagaStore } from './saga-store';
import { Timers } from './timers';

const DEAD_LETTER_DAYS = 30;
const PARTICIPANT_INBOX_DAYS = 8;
const DATABASE_URL = /^postgres(ql)?:\/\/./;

export interface OrchestratorOptions {
  /**
   * The orchestrator's name, of which there is one on a cluster: its topics, groups and dead letters carry it. It belongs to
   * its database for good; see docs/shared-clusters.md. @default 'orchestrator'
   */
  readonly name?: string;
  /**
   * The name that the orchestrator had before, with this database: it is still asked and answered by it, and its sagas go on.
   * Leave it in until nobody uses the old name and its topics are read. @default none
   */
  readonly formerName?: string | undefined;
  /**
   * The identity of a database that ran the orchestrator of this name before and is gone for good, as the error says with
   * which this one does not begin. @default none
   */
  readonly takeOverFrom?: string | undefined;
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
  /**
   * How many days every participant remembers commands: the smallest `inboxDays` of all. A definition whose sagas may wait for
   * longer and then take something back is warned of at the start, and the admin API says until when a saga surely can.
   * @default 8
   */
  readonly participantInboxDays?: number;
  /** Whether what becomes of sagas is made known, on `saga.events` or `<name>.events`. It costs a row and a message for each change. @default false */
  readonly lifecycleEvents?: boolean;
}

/** Listens to starts and replies, and runs timers, sweeper and the search for sagas whose definition has come, from the start of the application to its end. */
export class Orchestrator
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly closing = new AbortController();
  private subscriptions: readonly Subscription[] = [];

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    private readonly runner: SagaRunner,
    private readonly transport: Transport,
    private readonly claim: NameClaim,
    private readonly timers: Timers,
    private readonly sweeper: Sweeper,
    private readonly awaited: AwaitedDefinitions,
    private readonly retention: SagaRetention,
    private readonly eventRelay: EventRelay | undefined,
    private readonly deadLetters: DeadLetterOffice,
  ) {}

  /** Why sagas do not advance, or dead letters are not kept; undefined while all is well. For a readiness probe. */
  check(): string | undefined {
    if (this.subscriptions.length === 0) return 'the orchestrator does not listen yet';
    const parts = [...this.subscriptions, this.timers, this.sweeper, this.eventRelay, this.deadLetters];
    const problems = parts.flatMap((each) => each?.problem() ?? []);
    return problems.length === 0 ? undefined : problems.join('; ');
  }

  /** Before anything is read, be it a message or a dead letter. */
  async onModuleInit(): Promise<void> {
    await this.store.check(this.closing.signal);
    await this.claim.make(this.closing.signal);
    await this.store.rememberDefinitions(
      this.registry.all().map(({ name }) => name),
      this.closing.signal,
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    this.subscriptions = await Promise.all(this.registry.heard.map((topics) => this.listen(topics)));
    this.timers.start();
    this.sweeper.start();
    this.awaited.start();
    this.retention.start();
    this.eventRelay?.start();
  }

  /** Consumers end before HTTP and the database do, so that what they hold is finished and its offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.subscriptions.map((each) => each.stop()));
    await this.timers.stop();
    await this.sweeper.stop();
    await Promise.all([this.awaited.stop(), this.retention.stop(), this.eventRelay?.stop()]);
    await this.runner.tidy().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
    await this.store.close();
  }

  /** Reads what is asked of the orchestrator, and replies, by these topics. */
  private async listen(topics: Topics): Promise<Subscription> {
    const { ownGroup: group, commands, acknowledgements, deadLetters } = topics;
    const services = this.registry.services();
    const replies = services.map((service) => topics.repliesOf(service));
    const toServices = services.filter((service) => service !== CHILDREN).map((each) => topics.commandsOf(each));
    // Where children answer is there also when no saga has any, so that an answer never waits for its topic.
    const toParents = topics.repliesOf(CHILDREN);
    await this.transport.ensureTopics([acknowledgements, deadLetters, commands, ...toServices, ...replies, toParents]);
    return this.transport.subscribe({
      group,
      topics: [commands, ...replies],
      handle: (messages) => this.runner.flush(messages),
    });
  }
}

/** Makes a Nest application the orchestrator of these sagas. */
@Module({})
export class OrchestratorModule {
  static forRoot({
    name,
    formerName,
    takeOverFrom,
    definitions,
    kafka,
    databaseUrl,
    connection,
    deadLetterDays = DEAD_LETTER_DAYS,
    endedSagaDays = Infinity,
    participantInboxDays = PARTICIPANT_INBOX_DAYS,
    lifecycleEvents = false,
  }: OrchestratorOptions): DynamicModule {
    if (!(endedSagaDays >= 2))
      throw new WiringError('endedSagaDays must be 2 or more; leave it out to keep all sagas.');
    requireAtLeast(0, { deadLetterDays });
    requireAtLeast(2, { participantInboxDays });
    if (definitions.length === 0)
      throw new WiringError('The orchestrator has no saga; add what defineSaga(…).build() returns to `definitions`.');
    if (!DATABASE_URL.test(databaseUrl))
      throw new WiringError(
        'databaseUrl must be the URL of a PostgreSQL database: postgres://user:password@host:5432/name.',
      );
    const topics = topicsOf({ orchestrator: name, prefix: kafka.topicPrefix });
    const former = formerName === undefined ? [] : [topicsOf({ orchestrator: formerName, prefix: kafka.topicPrefix })];
    const log = new Logger('Orchestrator');
    const memory = new ParticipantMemory(rememberedMs(participantInboxDays));
    const faults = { token: FAULTS, optional: true };
    return {
      module: OrchestratorModule,
      global: true,
      providers: [
        { provide: ParticipantMemory, useValue: memory },
        {
          provide: DefinitionRegistry,
          useFactory: () => {
            for (const warning of definitions.flatMap((each) => outlivesMemory(each, memory.ms) ?? []))
              log.warn(warning);
            return new DefinitionRegistry(definitions, topics, former);
          },
        },
        {
          provide: KafkaTransport,
          inject: [faults],
          useFactory: (striking?: Faults): Transport => {
            const transport = new KafkaTransport({ clientId: topics.orchestrator, ...kafka }, log, topics.deadLetters);
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
            new EventRelay(store.pool, transport, topics.lifecycle, log),
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
          useFactory: (store: DeadLetterStore, transport: KafkaTransport) =>
            new Redriver(store, transport, [topics, ...former], log),
        },
        {
          provide: DeadLetterOffice,
          inject: [DeadLetterStore, KafkaTransport, Redriver],
          useFactory: (store: DeadLetterStore, transport: KafkaTransport, redriver: Redriver) =>
            new DeadLetterOffice(
              new DeadLetterKeeper(store, transport, [topics, ...former], log),
              redriver,
              new DeadLetterRetention(store, deadLetterDays, log),
            ),
        },
        {
          provide: Orchestrator,
          inject: [DefinitionRegistry, SagaStore, SagaRunner, KafkaTransport, EventRelay, DeadLetterOffice],
          useFactory: (
            registry: DefinitionRegistry,
            store: SagaStore,
            runner: SagaRunner,
            transport: Transport,
            eventRelay: EventRelay,
            deadLetters: DeadLetterOffice,
          ) => {
            if (lifecycleEvents) store.tellLifecycle(topics, () => eventRelay.hurry());
            return new Orchestrator(
              registry,
              store,
              runner,
              transport,
              new NameClaim(store.pool, transport, registry.heard, log, takeOverFrom),
              new Timers(store, runner, log),
              new Sweeper(store.pool, transport, log),
              new AwaitedDefinitions(registry, store, runner, log),
              new SagaRetention(store, endedSagaDays, log),
              lifecycleEvents ? eventRelay : undefined,
              deadLetters,
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
        ParticipantMemory,
      ],
    };
  }
}
