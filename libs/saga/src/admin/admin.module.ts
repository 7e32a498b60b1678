import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type OptionalFactoryDependency,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { ConfigurationError } from '../contract';
import { DefinitionRegistry } from '../definition';
import { DeadLetterStore } from '../dead-letters';
import { Holds, ParticipantHealth } from '../holds';
import { Orchestrator } from '../orchestrator';
import { ParticipantMemory } from '../runner';
import { ACCESS, AccessGuard, type Access, type OpenAccess } from './access';
import { AdminBoundary } from './admin-boundary';
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
import { OperationsController } from './operations.controller';
import { OperatorActionReader } from './operator-action-reader';
import { OperatorActionsController } from './operator-actions.controller';
import { RecordingsController } from './recordings.controller';
import { SagaDetails } from './saga-details';
import { SagaReader } from './saga-reader';
import { SagasController } from './sagas.controller';
import { SessionController } from './session.controller';
import { SignalsController } from './signals.controller';
import { SagaStore } from '../store';

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
  /**
   * Who may use it: {@link accessKeys}, or an {@link Access} of your own, which finds out who makes a request. `open`
   * lets everybody do everything, under any name.
   *
   * @default `open`, but with NODE_ENV=production the start fails
   */
  readonly access?: Access | OpenAccess;
}

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
    AdminHealthController,
    SessionController,
  ],
  providers: [
    AdminBoundary,
    AccessGuard,
    {
      provide: SagaReader,
      inject: [optional(SagaStore)],
      useFactory: (store?: SagaStore) => new SagaReader(orchestrators(store)),
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
      ) =>
        new SagaDiagnoses(reader, {
          participants,
          incidents,
          registry: orchestrators(registry),
          store: orchestrators(store),
          holds: orchestrators(holds),
          deadLetters: orchestrators(deadLetters),
          orchestrator: orchestrators(orchestrator),
        }),
    },
    {
      provide: OperatorActionReader,
      inject: [optional(SagaStore)],
      useFactory: (store?: SagaStore) => new OperatorActionReader(orchestrators(store)),
    },
  ],
})
export class AdminModule {
  /** Adds the API to the application. Without options it is below `/v1`. */
  static forRoot({ imports = [], path = '', access }: AdminOptions = {}): DynamicModule {
    const below = path === '' ? [] : [RouterModule.register([{ path, module: AdminModule }])];
    return {
      module: AdminModule,
      imports: [...imports, ...below],
      providers: [
        { provide: AdminPath, useValue: new AdminPath(path) },
        { provide: ACCESS, useValue: access },
      ],
    };
  }
}
