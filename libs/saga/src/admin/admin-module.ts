import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type OptionalFactoryDependency,
} from '@nestjs/common';
import { WiringError } from '../contract';
import { DefinitionRegistry } from '../definition';
import { SagaStore } from '../orchestrator';
import { DeadLetterStore } from '../orchestrator/dead-letters/dead-letter-store';
import { Holds } from '../orchestrator/holds/holds';
import { ParticipantMemory } from '../orchestrator/participant-memory';
import { BulkDecisionsController } from './dead-letters/bulk-decisions.controller';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { DefinitionsController } from './definitions.controller';
import { HoldsController } from './holds/holds.controller';
import { OperationsController } from './operations.controller';
import { OperatorActionReader } from './operator-action-reader';
import { OperatorActionsController } from './operator-actions.controller';
import { SagaDetails } from './saga-details';
import { SagaReader } from './saga-reader';
import { SagasController } from './sagas.controller';
import { SignalsController } from './signals.controller';

function optional(token: InjectionToken): OptionalFactoryDependency {
  return { token, optional: true };
}

/** What the OrchestratorModule of the application provides. */
function orchestrators<T>(provided: T | undefined): T {
  if (provided !== undefined) return provided;
  throw new WiringError(
    'The admin API finds no orchestrator in its application; add `isGlobal: true` to OrchestratorModule.forRoot({ … }), or ' +
      'import the same module by AdminModule.forRoot({ imports: […] }).',
  );
}

export interface AdminOptions {
  /**
   * The module of the orchestrator whose sagas it shows, the very object that the application imports. Not needed where that is
   * global. @default none
   */
  readonly imports?: ModuleMetadata['imports'];
}

/** The admin REST API of an orchestrator of the same application. */
@Module({
  controllers: [
    SagasController,
    OperationsController,
    SignalsController,
    OperatorActionsController,
    BulkDecisionsController,
    DeadLettersController,
    DefinitionsController,
    HoldsController,
  ],
  providers: [
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
        new SagaDetails(
          reader,
          orchestrators(registry),
          orchestrators(deadLetters),
          orchestrators(memory),
          orchestrators(holds),
        ),
    },
    {
      provide: OperatorActionReader,
      inject: [optional(SagaStore)],
      useFactory: (store?: SagaStore) => new OperatorActionReader(orchestrators(store)),
    },
  ],
})
export class AdminModule {
  static forRoot({ imports = [] }: AdminOptions): DynamicModule {
    return { module: AdminModule, imports: [...imports] };
  }
}
