import {
  Logger,
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type OptionalFactoryDependency,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { BulkActionStore } from '../bulk-actions';
import { ConfigurationError } from '../contract';
import { DefinitionRegistry } from '../definition';
import { DeadLetterStore } from '../dead-letters';
import { Holds, HoldStore, ParticipantHealth } from '../holds';
import { HOOK_OPERATORS, INTERFERENCE_FINDER, type InterferenceFinder } from '../messaging';
import { Orchestrator } from '../orchestrator';
import { ParticipantMemory } from '../runner';
import { ACCESS, AccessGuard, type Access, type OpenAccess } from './access';
import { AdminBoundary } from './admin-boundary';
import { AdminHookOperators } from './admin-hook-operators';
import { AdminHealthController } from './admin-health.controller';
import { AdminPath } from './admin-path';
import { BulkActionsController } from './bulk-actions/bulk-actions.controller';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { DiagnosisController } from './diagnosis/diagnosis.controller';
import { ParticipantReader } from './diagnosis/participant-reader';
import { SagaDiagnoses } from './diagnosis/saga-diagnoses';
import { DefinitionsController } from './definitions.controller';
import { HoldsController } from './holds/holds.controller';
import { IncidentReader } from './incidents/incident-reader';
import { IncidentsController } from './incidents/incidents.controller';
import { OverviewController, StatisticsController } from './overview/overview.controller';
import { BrokerReader } from './overview/broker-reader';
import { OverviewReader } from './overview/overview-reader';
import { PendingReader } from './overview/pending-reader';
import { StatisticsReader } from './overview/statistics-reader';
import { OperationsController } from './operations.controller';
import { OperatorActionReader } from './operator-action-reader';
import { OperatorActionsController } from './operator-actions.controller';
import { RecordingsController } from './recordings.controller';
import { SagaDetails } from './saga-details';
import { SagaFilters } from './saga-filters';
import { SagaReader } from './saga-reader';
import { SagaSummaries } from './saga-summaries';
import { SagasController } from './sagas.controller';
import { SessionController } from './session.controller';
import { SignalsController } from './signals.controller';
import { AdminStreams } from './stream/admin-streams';
import { ChangedSagas } from './stream/changed-sagas';
import { ChangeReader } from './stream/change-reader';
import { ChangeViews } from './stream/change-views';
import { StreamController } from './stream/stream.controller';
import { StreamEventReader } from './stream/stream-event-reader';
import { StreamLimit } from './stream/stream-limit';
import { StatisticsStore } from '../statistics';
import { Instances, SagaSearch, SagaStore } from '../store';

function optional(token: InjectionToken): OptionalFactoryDependency {
  return { token, optional: true };
}

/** The providers of the application's OrchestratorModule. */
function orchestrators<T>(provided: T | undefined): T {
  if (provided !== undefined) return provided;
  throw new ConfigurationError(
    'The admin API finds no orchestrator in this application; add `isGlobal: true` to OrchestratorModule.forRoot({ … }), or ' +
      'import the same module by AdminModule.forRoot({ imports: […] }).',
  );
}

/** The options of {@link AdminModule.forRoot}. */
export interface AdminOptions {
  /**
   * The module of the orchestrator whose sagas it shows; the same object that the application imports. Not needed when
   * that module is global. @default none
   */
  readonly imports?: ModuleMetadata['imports'];
  /** The path below which its routes are: `admin` makes them `/admin/v1/…`. @default '', so that they are `/v1/…` */
  readonly path?: string;
  /** How many clients may follow the live stream at each instance; further ones get 503. @default 1000 */
  readonly maxStreams?: number;
  /**
   * Who may use it: {@link accessKeys}, or an {@link Access} of your own, which finds out who makes a request. `open`
   * lets everybody do everything, under any name.
   *
   * @default `open`, but with NODE_ENV=production the start fails
   */
  readonly access?: Access | OpenAccess;
}

const LOG = new Logger('Admin');

/**
 * The admin REST API of the orchestrator in the same application. It answers every error below its path with problem
 * details, validates its requests itself, and reports at `/v1/health` whether sagas advance. It does not change other
 * routes, filters and pipes of the application.
 *
 * @throws ConfigurationError when it finds no orchestrator.
 */
@Module({
  controllers: [
    SagasController,
    DiagnosisController,
    RecordingsController,
    OperationsController,
    SignalsController,
    OperatorActionsController,
    BulkActionsController,
    DeadLettersController,
    DefinitionsController,
    HoldsController,
    IncidentsController,
    OverviewController,
    StatisticsController,
    StreamController,
    AdminHealthController,
    SessionController,
  ],
  providers: [
    AdminBoundary,
    AccessGuard,
    {
      provide: HOOK_OPERATORS,
      inject: [AccessGuard, optional(SagaStore)],
      useFactory: (guard: AccessGuard, store?: SagaStore) => new AdminHookOperators(guard, orchestrators(store)),
    },
    {
      provide: SagaReader,
      inject: [optional(SagaStore)],
      useFactory: (store?: SagaStore) => new SagaReader(orchestrators(store)),
    },
    {
      provide: SagaFilters,
      inject: [SagaReader, optional(DefinitionRegistry), optional(SagaStore)],
      useFactory: (reader: SagaReader, registry?: DefinitionRegistry, store?: SagaStore) =>
        new SagaFilters(orchestrators(registry), orchestrators(store), reader),
    },
    {
      provide: SagaDetails,
      inject: [
        SagaReader,
        optional(DefinitionRegistry),
        optional(DeadLetterStore),
        optional(ParticipantMemory),
        optional(Holds),
      ],
      useFactory: (
        reader: SagaReader,
        registry?: DefinitionRegistry,
        deadLetters?: DeadLetterStore,
        memory?: ParticipantMemory,
        holds?: Holds,
      ) =>
        new SagaDetails(reader, {
          registry: orchestrators(registry),
          deadLetters: orchestrators(deadLetters),
          memory: orchestrators(memory),
          holds: orchestrators(holds),
        }),
    },
    {
      provide: IncidentReader,
      inject: [optional(DefinitionRegistry), optional(SagaStore)],
      useFactory: (registry?: DefinitionRegistry, store?: SagaStore) =>
        new IncidentReader(orchestrators(registry), orchestrators(store)),
    },
    {
      provide: ParticipantReader,
      inject: [optional(DefinitionRegistry), optional(ParticipantHealth), optional(Orchestrator)],
      useFactory: (registry?: DefinitionRegistry, health?: ParticipantHealth, orchestrator?: Orchestrator) =>
        new ParticipantReader(orchestrators(registry), orchestrators(health), orchestrators(orchestrator)),
    },
    {
      provide: SagaDiagnoses,
      inject: [
        SagaReader,
        ParticipantReader,
        IncidentReader,
        optional(DefinitionRegistry),
        optional(SagaStore),
        optional(Holds),
        optional(DeadLetterStore),
        optional(Orchestrator),
        optional(Instances),
        optional(INTERFERENCE_FINDER),
      ],
      useFactory: (
        reader: SagaReader,
        participants: ParticipantReader,
        incidents: IncidentReader,
        registry?: DefinitionRegistry,
        store?: SagaStore,
        holds?: Holds,
        deadLetters?: DeadLetterStore,
        orchestrator?: Orchestrator,
        instances?: Instances,
        interferences?: InterferenceFinder,
      ) =>
        new SagaDiagnoses(reader, {
          participants,
          incidents,
          registry: orchestrators(registry),
          store: orchestrators(store),
          holds: orchestrators(holds),
          deadLetters: orchestrators(deadLetters),
          orchestrator: orchestrators(orchestrator),
          instances: orchestrators(instances),
          interferences,
        }),
    },
    {
      provide: OverviewReader,
      inject: [
        optional(DefinitionRegistry),
        optional(SagaStore),
        optional(StatisticsStore),
        optional(Holds),
        optional(ParticipantHealth),
        optional(Orchestrator),
      ],
      useFactory: (
        found?: DefinitionRegistry,
        store?: SagaStore,
        statistics?: StatisticsStore,
        holds?: Holds,
        health?: ParticipantHealth,
        orchestrator?: Orchestrator,
      ) => {
        const registry = orchestrators(found);
        const { pool, tables } = orchestrators(store);
        return new OverviewReader({
          registry,
          statistics: orchestrators(statistics),
          instances: new Instances(pool, tables),
          pending: new PendingReader(orchestrators(store)),
          holds: orchestrators(holds),
          health: orchestrators(health),
          broker: new BrokerReader(registry, orchestrators(orchestrator)),
          orchestrator: orchestrators(orchestrator),
        });
      },
    },
    {
      provide: StatisticsReader,
      inject: [optional(DefinitionRegistry), optional(StatisticsStore), optional(SagaStore)],
      useFactory: (registry?: DefinitionRegistry, statistics?: StatisticsStore, store?: SagaStore) =>
        new StatisticsReader(orchestrators(registry), orchestrators(statistics), orchestrators(store).pool),
    },
    {
      provide: OperatorActionReader,
      inject: [optional(SagaStore)],
      useFactory: (store?: SagaStore) => new OperatorActionReader(orchestrators(store)),
    },
    {
      provide: ChangeViews,
      inject: [
        IncidentReader,
        OperatorActionReader,
        optional(Holds),
        optional(HoldStore),
        optional(DeadLetterStore),
        optional(BulkActionStore),
      ],
      useFactory: (
        incidents: IncidentReader,
        operatorActions: OperatorActionReader,
        holds?: Holds,
        holdStore?: HoldStore,
        deadLetters?: DeadLetterStore,
        bulkActions?: BulkActionStore,
      ) =>
        new ChangeViews({
          incidents,
          operatorActions,
          holds: orchestrators(holds),
          holdStore: orchestrators(holdStore),
          deadLetters: orchestrators(deadLetters),
          bulkActions: orchestrators(bulkActions),
        }),
    },
    {
      provide: SagaSummaries,
      inject: [SagaDiagnoses, optional(DefinitionRegistry)],
      useFactory: (diagnoses: SagaDiagnoses, registry?: DefinitionRegistry) =>
        new SagaSummaries(orchestrators(registry), diagnoses),
    },
    {
      provide: AdminStreams,
      inject: [SagaDetails, SagaSummaries, ChangeViews, optional(SagaStore), optional(StreamLimit)],
      useFactory: (
        details: SagaDetails,
        summaries: SagaSummaries,
        views: ChangeViews,
        given?: SagaStore,
        limit = new StreamLimit(),
      ) => {
        const store = orchestrators(given);
        const events = new StreamEventReader(new ChangedSagas(new SagaSearch(store), summaries), details, views);
        return new AdminStreams({ reader: new ChangeReader(store), events, log: LOG, most: limit.most });
      },
    },
  ],
})
export class AdminModule {
  /** Adds the API to the application. Without options it is below `/v1`. */
  static forRoot({ imports = [], path = '', access, maxStreams }: AdminOptions = {}): DynamicModule {
    const below = path === '' ? [] : [RouterModule.register([{ path, module: AdminModule }])];
    return {
      module: AdminModule,
      imports: [...imports, ...below],
      providers: [
        { provide: AdminPath, useValue: new AdminPath(path) },
        { provide: StreamLimit, useValue: new StreamLimit(maxStreams) },
        { provide: ACCESS, useValue: access },
      ],
    };
  }
}
