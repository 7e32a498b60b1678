import { Module, type InjectionToken, type OptionalFactoryDependency } from '@nestjs/common';
import { ConfigurationError } from '../contract';
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
  throw new ConfigurationError(
    'The admin API shows the sagas of an orchestrator of the same application; import OrchestratorModule.forRoot({ … }) ' +
      'beside AdminModule.',
  );
}

/** The admin REST API, to be imported beside the OrchestratorModule. */
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
export class AdminModule {}
