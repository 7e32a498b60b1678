import {
  Logger,
  Module,
  type DynamicModule,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { CHILDREN, topicsOf, ConfigurationError, type Topics } from '../contract';
import { DefinitionRegistry, outlivesMemory, rememberedMs, type SagaDefinition } from '../definition';
import {
  EventRelay,
  FAULT_RECORDER,
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
import { DeadLetterConsumer } from './dead-letters/dead-letter-consumer';
import { DeadLetterService } from './dead-letters/dead-letter-service';
import { DeadLetterRetention } from './dead-letters/dead-letter-retention';
import { DeadLetterStore } from './dead-letters/dead-letter-store';
import { Redriver } from './dead-letters/redriver';
import { HistoryFaultRecorder } from './history-fault-recorder';
import { HoldMonitor } from './holds/hold-monitor';
import { HoldEventWriter } from './holds/hold-event-writer';
import { HoldRules, type HoldSettings } from './holds/hold-settings';
import { HoldStore } from './holds/hold-store';
import { Holds } from './holds/holds';
import { ParticipantHealth } from './holds/participant-health';
import { Interventions } from './interventions';
import { NameClaim } from './name-claim';
import { ParticipantMemory } from './participant-memory';
import { SagaRetention } from './saga-retention';
import { SagaRunner } from './saga-runner';
import { SagaStore } from './saga-store';
import { Timers } from './timers';

const DEAD_LETTER_DAYS = 30;
const PARTICIPANT_INBOX_DAYS = 8;
/** How long the end of a hold waits to be made known when the instance that ended it dies; there is nothing else to look for. */
const HOLD_NEWS_EVERY_MS = 2_000;
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
  /**
   * Whether what becomes of sagas is made known, on `saga.events` or `<name>.events`. It costs a row and a message for each
   * change. Holds are always made known there. @default false
   */
  readonly lifecycleEvents?: boolean;
  /**
   * When commands are held because their participant is away, so that its outage costs no saga; `'never'` for holds by hand
   * alone. @default after 10 s of silence, or when half of the answers of 10 s, and 20 at least, were failures
   */
  readonly holdAfter?: HoldSettings | undefined;
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
    private readonly eventRelay: EventRelay,
    private readonly holds: Holds,
    private readonly holdMonitor: HoldMonitor,
    private readonly deadLetters: DeadLetterService,
  ) {}

  /** Why sagas do not advance, or dead letters are not kept; undefined while all is well. For a readiness probe. */
  check(): string | undefined {
    if (this.subscriptions.length === 0) return 'the orchestrator does not listen yet';
    const parts = [
      ...this.subscriptions,
      this.timers,
      this.sweeper,
      this.holdMonitor,
      this.eventRelay,
      this.deadLetters,
    ];
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
    await this.holds.load(this.closing.signal);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.subscriptions = await Promise.all(this.registry.heard.map((topics) => this.listen(topics)));
    this.timers.start();
    this.sweeper.start();
    this.awaited.start();
    this.retention.start();
    this.holdMonitor.start();
    this.eventRelay.start();
  }

  /** Consumers end before HTTP and the database do, so that what they hold is finished and its offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.subscriptions.map((each) => each.stop()));
    await this.timers.stop();
    await this.sweeper.stop();
    await Promise.all([this.holdMonitor.stop(), this.awaited.stop(), this.retention.stop(), this.eventRelay.stop()]);
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
      handle: (messages) => this.runner.handleBatch(messages),
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
    holdAfter,
  }: OrchestratorOptions): DynamicModule {
    if (!(endedSagaDays >= 2))
      throw new ConfigurationError('endedSagaDays must be 2 or more; leave it out to keep all sagas.');
    requireAtLeast(0, { deadLetterDays });
    requireAtLeast(2, { participantInboxDays });
    if (definitions.length === 0)
      throw new ConfigurationError(
        'The orchestrator has no saga; add what defineSaga(…).build() returns to `definitions`.',
      );
    if (!DATABASE_URL.test(databaseUrl))
      throw new ConfigurationError(
        'databaseUrl must be the URL of a PostgreSQL database: postgres://user:password@host:5432/name.',
      );
    const topics = topicsOf({ orchestrator: name, prefix: kafka.topicPrefix });
    const former = formerName === undefined ? [] : [topicsOf({ orchestrator: formerName, prefix: kafka.topicPrefix })];
    const log = new Logger('Orchestrator');
    const rules = new HoldRules(holdAfter);
    const health = new ParticipantHealth(rules.longestWithinMs);
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
          // One of them is kept by the relay of events, on which it leads.
          useFactory: () => new SagaStore({ databaseUrl, connection, max: 5 }, log),
        },
        {
          provide: EventRelay,
          inject: [SagaStore, KafkaTransport],
          useFactory: (store: SagaStore, transport: Transport) =>
            new EventRelay(
              store.pool,
              transport,
              topics.lifecycle,
              log,
              lifecycleEvents ? undefined : HOLD_NEWS_EVERY_MS,
            ),
        },
        {
          provide: HoldStore,
          inject: [SagaStore, EventRelay],
          useFactory: (store: SagaStore, eventRelay: EventRelay) =>
            new HoldStore(store.pool, new HoldEventWriter(topics, () => eventRelay.trigger())),
        },
        {
          provide: Holds,
          inject: [DefinitionRegistry, HoldStore],
          useFactory: (registry: DefinitionRegistry, store: HoldStore) =>
            new Holds(registry, store, rules, health, log),
        },
        {
          provide: SagaRunner,
          inject: [DefinitionRegistry, SagaStore, KafkaTransport, Holds, faults],
          useFactory: (
            registry: DefinitionRegistry,
            store: SagaStore,
            transport: Transport,
            holds: Holds,
            striking?: Faults,
          ) => new SagaRunner(registry, store, transport, log, striking, endedSagaDays, holds),
        },
        {
          provide: HoldMonitor,
          inject: [DefinitionRegistry, HoldStore, Holds, SagaRunner],
          useFactory: (registry: DefinitionRegistry, store: HoldStore, holds: Holds, runner: SagaRunner) =>
            new HoldMonitor(registry, store, holds, health, runner, log),
        },
        {
          provide: FAULT_RECORDER,
          inject: [DefinitionRegistry, SagaStore, SagaRunner],
          useFactory: (registry: DefinitionRegistry, store: SagaStore, runner: SagaRunner) =>
            new HistoryFaultRecorder(registry, store, runner),
        },
        {
          provide: Interventions,
          inject: [DefinitionRegistry, SagaStore, SagaRunner, Holds],
          useFactory: (registry: DefinitionRegistry, store: SagaStore, runner: SagaRunner, holds: Holds) =>
            new Interventions(registry, store, runner, log, holds),
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
          provide: DeadLetterService,
          inject: [DeadLetterStore, KafkaTransport, Redriver],
          useFactory: (store: DeadLetterStore, transport: KafkaTransport, redriver: Redriver) =>
            new DeadLetterService(
              new DeadLetterConsumer(store, transport, [topics, ...former], log),
              redriver,
              new DeadLetterRetention(store, deadLetterDays, log),
            ),
        },
        {
          provide: Orchestrator,
          inject: [
            DefinitionRegistry,
            SagaStore,
            SagaRunner,
            KafkaTransport,
            EventRelay,
            Holds,
            HoldMonitor,
            DeadLetterService,
          ],
          useFactory: (
            registry: DefinitionRegistry,
            store: SagaStore,
            runner: SagaRunner,
            transport: Transport,
            eventRelay: EventRelay,
            holds: Holds,
            holdMonitor: HoldMonitor,
            deadLetters: DeadLetterService,
          ) => {
            if (lifecycleEvents) store.publishLifecycleEvents(topics, () => eventRelay.trigger());
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
              eventRelay,
              holds,
              holdMonitor,
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
        Holds,
        HoldStore,
        HoldMonitor,
        FAULT_RECORDER,
        DeadLetterStore,
        Redriver,
        ParticipantMemory,
      ],
    };
  }
}
