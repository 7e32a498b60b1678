import {
  Logger,
  Module,
  type DynamicModule,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { BulkActionRunner, BulkActions, BulkActionStore, BulkLetters, BulkSagas, BulkTargets } from '../bulk-actions';
import { CHILDREN, type Topics } from '../contract';
import { DeadLetterConsumer, DeadLetterRetention, DeadLetterService, DeadLetterStore, Redriver } from '../dead-letters';
import { DefinitionRegistry, outlivesMemory } from '../definition';
import { HoldEventWriter, HoldMonitor, Holds, HoldStore, ParticipantHealth } from '../holds';
import {
  EventOutbox,
  EventRelay,
  HISTORY_RECORDER,
  HOOKS,
  indicate,
  KafkaTransport,
  Outbox,
  namingBrokers,
  SAGA_TRANSPORT,
  Sweeper,
  type GroupProgress,
  type HealthIndication,
  type Hooks,
  type Subscription,
  type Transport,
} from '../messaging';
import { OperatorLog } from '../operator-log';
import {
  AwaitedDefinitions,
  Interventions,
  ParticipantMemory,
  SagaHistoryRecorder,
  SagaRunner,
  Timers,
} from '../runner';
import { StatisticsStore, StatisticsTask } from '../statistics';
import {
  IncidentRepair,
  Instances,
  LetterFates,
  SagaRetention,
  SagaStore,
  SearchRepair,
  StreamChangeRetention,
} from '../store';
import { InstanceReport } from './instance-report';
import { NameClaim } from './name-claim';
import {
  ConfigurableOrchestratorModule,
  ORCHESTRATOR_DATA_SOURCE,
  ORCHESTRATOR_OPTIONS,
  OrchestratorSettings,
  type OrchestratorModuleExtras,
  type OrchestratorOptions,
} from './orchestrator-options';

/**
 * How long the event of an ended hold waits to be published when the instance that ended it dies; otherwise its sweeper
 * finds nothing.
 */
const HOLD_EVENTS_EVERY_MS = 2_000;

interface OrchestratorParts {
  readonly registry: DefinitionRegistry;
  readonly store: SagaStore;
  readonly runner: SagaRunner;
  readonly transport: Transport;
  readonly claim: NameClaim;
  readonly timers: Timers;
  readonly sweeper: Sweeper;
  readonly awaited: AwaitedDefinitions;
  readonly retention: SagaRetention;
  readonly incidentRepair: IncidentRepair;
  readonly searchRepair: SearchRepair;
  readonly streamRetention: StreamChangeRetention;
  readonly letterFates: LetterFates;
  readonly statistics: StatisticsTask;
  readonly instanceReport: InstanceReport;
  readonly eventRelay: EventRelay;
  readonly holds: Holds;
  readonly holdMonitor: HoldMonitor;
  readonly deadLetters: DeadLetterService;
  readonly bulkActions: BulkActionRunner;
  /** As they are named to operators. */
  readonly brokers: readonly string[];
}

/**
 * Reads starts and replies, and runs the timers, the sweeper and the search for newly registered definitions, from the
 * start of the application to its end.
 */
export class Orchestrator
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly closing = new AbortController();
  private subscriptions: readonly Subscription[] = [];

  /** @internal */
  constructor(private readonly parts: OrchestratorParts) {}

  /** Why sagas do not advance, or dead letters are not stored; undefined while all is well. For a readiness probe. */
  check(): string | undefined {
    if (this.subscriptions.length === 0)
      return `the orchestrator has not started consuming yet${namingBrokers(this.parts.brokers)}`;
    const checked = [
      ...this.subscriptions,
      this.parts.timers,
      this.parts.sweeper,
      this.parts.holdMonitor,
      this.parts.eventRelay,
      this.parts.deadLetters,
      this.parts.bulkActions,
    ];
    const problems = checked.flatMap((each) => each?.problem() ?? []);
    return problems.length === 0 ? undefined : problems.join('; ');
  }

  /** How long PostgreSQL took to commit of late: the median of the last minute; undefined when nothing was saved. */
  get commitMs(): number | undefined {
    return this.parts.store.commitTimes.medianMs();
  }

  /** The same as a health indicator of `@nestjs/terminus`: `() => orchestrator.isHealthy('orchestrator')`. */
  isHealthy<Key extends string>(key: Key): HealthIndication<Key> {
    return indicate(key, this.check());
  }

  /** How far a participant has come with its commands. Rejects when the broker does not answer or denies access. */
  progressOf(service: string): Promise<GroupProgress> {
    const { topics } = this.parts.registry;
    return this.parts.transport.progressOf(topics.group(service), topics.commandsOf(service));
  }

  /**
   * How many starts and replies no instance has processed. Rejects when the broker does not answer or denies access.
   *
   * @internal
   */
  async ownLag(): Promise<number> {
    const { transport, registry } = this.parts;
    const { ownGroup, commands } = registry.topics;
    const topics = [commands, ...registry.services().map((service) => registry.topics.repliesOf(service))];
    const progress = await Promise.all(topics.map((topic) => transport.progressOf(ownGroup, topic)));
    return progress.reduce((sum, { lag }) => sum + lag, 0);
  }

  /**
   * The brokers' addresses, as they are named to operators.
   *
   * @internal
   */
  get brokers(): readonly string[] {
    return this.parts.brokers;
  }

  /** Before anything is read, be it a message or a dead letter. */
  async onModuleInit(): Promise<void> {
    await this.parts.store.check(this.closing.signal);
    await this.parts.claim.make(this.closing.signal);
    await this.parts.store.rememberDefinitions(
      this.parts.registry.all().map(({ name }) => name),
      this.closing.signal,
    );
    await this.parts.holds.load(this.closing.signal);
  }

  /** Begins to read messages and to look for due timers. */
  async onApplicationBootstrap(): Promise<void> {
    this.subscriptions = await Promise.all(this.parts.registry.heard.map((topics) => this.listen(topics)));
    this.parts.timers.start();
    this.parts.sweeper.start();
    this.parts.awaited.start();
    this.parts.retention.start();
    this.parts.incidentRepair.start();
    this.parts.searchRepair.start();
    this.parts.streamRetention.start();
    this.parts.letterFates.start();
    this.parts.statistics.start();
    this.parts.instanceReport.start();
    this.parts.holdMonitor.start();
    this.parts.eventRelay.start();
    this.parts.bulkActions.start();
  }

  /** Consumers stop before HTTP and the database do, so that running batches finish and their offsets are committed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.subscriptions.map((each) => each.stop()));
    await this.parts.timers.stop();
    await this.parts.sweeper.stop();
    await Promise.all([
      this.parts.bulkActions.stop(),
      this.parts.holdMonitor.stop(),
      this.parts.awaited.stop(),
      this.parts.retention.stop(),
      this.parts.incidentRepair.stop(),
      this.parts.searchRepair.stop(),
      this.parts.streamRetention.stop(),
      this.parts.letterFates.stop(),
      this.parts.statistics.stop(),
      this.parts.instanceReport.stop(),
      this.parts.eventRelay.stop(),
    ]);
    await this.parts.runner.deleteAcknowledged().catch(() => undefined);
    this.parts.runner.sagaLog.close();
    this.parts.holds.close();
  }

  /** Disconnects from the broker and the database, after everything else has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.parts.transport.close();
    await this.parts.store.close();
  }

  /** Consumes commands to the orchestrator, and replies, from these topics. */
  private async listen(topics: Topics): Promise<Subscription> {
    const { ownGroup: group, commands, acknowledgements, deadLetters } = topics;
    const services = this.parts.registry.services();
    const replies = services.map((service) => topics.repliesOf(service));
    const toServices = services.filter((service) => service !== CHILDREN).map((each) => topics.commandsOf(each));
    // The topic for replies of children is created even when no saga has any, so that a reply never waits for its
    // topic.
    const toParents = topics.repliesOf(CHILDREN);
    // Under a former name it publishes no events.
    const events = topics === this.parts.registry.heard[0] ? [topics.lifecycle] : [];
    await this.parts.transport.ensureTopics([
      acknowledgements,
      deadLetters,
      commands,
      ...toServices,
      ...replies,
      toParents,
      ...events,
    ]);
    return this.parts.transport.subscribe({
      group,
      topics: [commands, ...replies],
      handle: (messages) => this.parts.runner.handleBatch(messages),
    });
  }
}

const HOOKS_IF_ANY = { token: HOOKS, optional: true };
const LOG = new Logger('Orchestrator');

/**
 * Makes a Nest application the orchestrator of these sagas. `forRoot` takes the options; `forRootAsync` takes them from a
 * factory, such as one that injects a ConfigService.
 *
 * @throws ConfigurationError for options that are missing or wrong.
 */
@Module({
  providers: [
    {
      provide: OrchestratorSettings,
      inject: [ORCHESTRATOR_OPTIONS, { token: ORCHESTRATOR_DATA_SOURCE, optional: true }],
      useFactory: (options: OrchestratorOptions, source?: DataSource) =>
        OrchestratorSettings.of(options, source !== undefined),
    },
    {
      provide: ParticipantMemory,
      inject: [OrchestratorSettings],
      useFactory: ({ participantMemoryMs }: OrchestratorSettings) => new ParticipantMemory(participantMemoryMs),
    },
    {
      provide: ParticipantHealth,
      inject: [OrchestratorSettings],
      useFactory: ({ holdRules }: OrchestratorSettings) => new ParticipantHealth(holdRules.longestWithinMs),
    },
    {
      provide: DefinitionRegistry,
      inject: [OrchestratorSettings],
      useFactory: ({ definitions, topics, former, participantMemoryMs }: OrchestratorSettings) => {
        for (const warning of definitions.flatMap((each) => outlivesMemory(each, participantMemoryMs) ?? []))
          LOG.warn(warning);
        return new DefinitionRegistry(definitions, topics, former);
      },
    },
    {
      provide: SAGA_TRANSPORT,
      inject: [OrchestratorSettings, HOOKS_IF_ANY],
      useFactory: ({ kafka, topics }: OrchestratorSettings, hooks?: Hooks): Transport => {
        const transport = new KafkaTransport(
          { clientId: topics.orchestrator, ...kafka, service: topics.orchestrator },
          LOG,
          topics.deadLetters,
        );
        return hooks?.wrapTransport(transport) ?? transport;
      },
    },
    {
      provide: SagaStore,
      inject: [OrchestratorSettings, { token: ORCHESTRATOR_DATA_SOURCE, optional: true }],
      useFactory: ({ databaseUrl, connection, tables }: OrchestratorSettings, source?: DataSource) =>
        // One connection is used by the relay of events, for its leader lock.
        new SagaStore({ database: source ?? String(databaseUrl), connection, tables, max: 5 }, LOG),
    },
    {
      provide: EventRelay,
      inject: [OrchestratorSettings, SagaStore, SAGA_TRANSPORT],
      useFactory: ({ topics, lifecycleEvents }: OrchestratorSettings, store: SagaStore, transport: Transport) =>
        new EventRelay(store.pool, transport, {
          topic: topics.lifecycle,
          log: LOG,
          outbox: new EventOutbox(store.tables),
          everyMs: lifecycleEvents ? undefined : HOLD_EVENTS_EVERY_MS,
        }),
    },
    {
      provide: HoldStore,
      inject: [OrchestratorSettings, SagaStore, EventRelay],
      useFactory: ({ topics }: OrchestratorSettings, store: SagaStore, eventRelay: EventRelay) =>
        new HoldStore(
          store.pool,
          new HoldEventWriter(topics, () => eventRelay.trigger(), eventRelay.outbox),
          store.tables,
        ),
    },
    {
      provide: Holds,
      inject: [DefinitionRegistry, HoldStore, OrchestratorSettings, ParticipantHealth],
      useFactory: (
        registry: DefinitionRegistry,
        store: HoldStore,
        { holdRules }: OrchestratorSettings,
        health: ParticipantHealth,
      ) => new Holds({ registry, store, rules: holdRules, health, log: LOG }),
    },
    {
      provide: SagaRunner,
      inject: [DefinitionRegistry, SagaStore, SAGA_TRANSPORT, Holds, OrchestratorSettings, HOOKS_IF_ANY],
      useFactory: (
        registry: DefinitionRegistry,
        store: SagaStore,
        transport: Transport,
        holds: Holds,
        { endedSagaDays }: OrchestratorSettings,
        hooks?: Hooks,
      ) => new SagaRunner({ registry, store, transport, log: LOG, holds, hooks, keptForDays: endedSagaDays }),
    },
    {
      provide: HoldMonitor,
      inject: [DefinitionRegistry, HoldStore, Holds, ParticipantHealth, SagaRunner],
      useFactory: (
        registry: DefinitionRegistry,
        store: HoldStore,
        holds: Holds,
        health: ParticipantHealth,
        runner: SagaRunner,
      ) => new HoldMonitor({ registry, store, holds, health, runner, log: LOG }),
    },
    {
      provide: HISTORY_RECORDER,
      inject: [SagaStore, SagaRunner],
      useFactory: (store: SagaStore, runner: SagaRunner) => new SagaHistoryRecorder(store, runner),
    },
    {
      provide: Interventions,
      inject: [DefinitionRegistry, SagaStore, SagaRunner, Holds],
      useFactory: (registry: DefinitionRegistry, store: SagaStore, runner: SagaRunner, holds: Holds) =>
        new Interventions({ registry, store, runner, holds, log: LOG }),
    },
    {
      provide: DeadLetterStore,
      inject: [SagaStore],
      useFactory: (store: SagaStore) => new DeadLetterStore(store.pool, store.tables),
    },
    {
      provide: Redriver,
      inject: [DeadLetterStore, SAGA_TRANSPORT, OrchestratorSettings],
      useFactory: (store: DeadLetterStore, transport: Transport, { topics, former }: OrchestratorSettings) =>
        new Redriver(store, transport, [topics, ...former], LOG),
    },
    {
      provide: DeadLetterService,
      inject: [DeadLetterStore, SAGA_TRANSPORT, Redriver, OrchestratorSettings],
      useFactory: (
        store: DeadLetterStore,
        transport: Transport,
        redriver: Redriver,
        { topics, former, deadLetterDays }: OrchestratorSettings,
      ) =>
        new DeadLetterService(
          new DeadLetterConsumer(store, transport, [topics, ...former], LOG),
          redriver,
          new DeadLetterRetention(store, deadLetterDays, LOG),
        ),
    },
    {
      provide: BulkActionStore,
      inject: [SagaStore],
      useFactory: (store: SagaStore) => new BulkActionStore(store.pool, store.tables),
    },
    {
      provide: BulkTargets,
      inject: [DefinitionRegistry, SagaStore, Interventions, DeadLetterStore, Redriver],
      useFactory: (
        registry: DefinitionRegistry,
        store: SagaStore,
        interventions: Interventions,
        letters: DeadLetterStore,
        redriver: Redriver,
      ) => new BulkTargets(new BulkSagas(registry, store, interventions), new BulkLetters(letters, redriver)),
    },
    {
      provide: BulkActionRunner,
      inject: [BulkActionStore, BulkTargets],
      useFactory: (store: BulkActionStore, targets: BulkTargets) => new BulkActionRunner({ store, targets, log: LOG }),
    },
    {
      provide: BulkActions,
      inject: [BulkActionStore, BulkTargets, BulkActionRunner],
      useFactory: (store: BulkActionStore, targets: BulkTargets, runner: BulkActionRunner) =>
        new BulkActions(store, targets, runner),
    },
    {
      provide: Instances,
      inject: [SagaStore],
      useFactory: ({ pool, tables }: SagaStore) => new Instances(pool, tables),
    },
    {
      provide: OperatorLog,
      inject: [SagaStore],
      useFactory: (store: SagaStore) => new OperatorLog(store.pool, store.tables),
    },
    {
      provide: StatisticsStore,
      inject: [SagaStore],
      useFactory: (store: SagaStore) => new StatisticsStore(store.pool, store.tables),
    },
    {
      provide: Orchestrator,
      inject: [
        OrchestratorSettings,
        DefinitionRegistry,
        SagaStore,
        SagaRunner,
        SAGA_TRANSPORT,
        EventRelay,
        Holds,
        HoldMonitor,
        DeadLetterService,
        BulkActionRunner,
        StatisticsStore,
      ],
      useFactory: (
        settings: OrchestratorSettings,
        registry: DefinitionRegistry,
        store: SagaStore,
        runner: SagaRunner,
        transport: Transport,
        eventRelay: EventRelay,
        holds: Holds,
        holdMonitor: HoldMonitor,
        deadLetters: DeadLetterService,
        bulkActions: BulkActionRunner,
        statistics: StatisticsStore,
      ) => {
        if (settings.lifecycleEvents) store.publishLifecycleEvents(settings.topics, () => eventRelay.trigger());
        return new Orchestrator({
          registry,
          store,
          runner,
          transport,
          claim: new NameClaim(store.pool, transport, {
            heard: registry.heard,
            log: LOG,
            tables: store.tables,
            takeOverFrom: settings.takeOverFrom,
          }),
          timers: new Timers(store, runner, LOG),
          sweeper: new Sweeper(store.pool, transport, LOG, { outbox: new Outbox(store.tables) }),
          awaited: new AwaitedDefinitions(registry, store, runner, { log: LOG }),
          incidentRepair: new IncidentRepair(registry, store, { log: LOG }),
          instanceReport: new InstanceReport(store, registry, { build: settings.kafka.build, log: LOG }),
          statistics: new StatisticsTask(statistics, { log: LOG }),
          searchRepair: new SearchRepair(registry, store, { log: LOG }),
          streamRetention: new StreamChangeRetention(store, LOG),
          letterFates: new LetterFates(store, { ownTopics: registry.heard, log: LOG }),
          retention: new SagaRetention(store, { days: settings.endedSagaDays, log: LOG }),
          eventRelay,
          holds,
          holdMonitor,
          deadLetters,
          bulkActions,
          brokers: settings.kafka.brokers,
        });
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
    HISTORY_RECORDER,
    DeadLetterStore,
    Redriver,
    ParticipantMemory,
    BulkActions,
    BulkActionStore,
    OperatorLog,
    ParticipantHealth,
    Instances,
    StatisticsStore,
  ],
})
export class OrchestratorModule extends ConfigurableOrchestratorModule {
  /** Invalid options stop the application before any provider is created. */
  static override forRoot(options: OrchestratorOptions & OrchestratorModuleExtras): DynamicModule {
    OrchestratorSettings.of(options, options.dataSource !== undefined);
    return super.forRoot(options);
  }
}
