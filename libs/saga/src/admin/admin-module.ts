import { Module } from '@nestjs/common';
import { DefinitionRegistry } from '../definition';
import { SagaStore } from '../orchestrator';
import { DeadLetterStore } from '../orchestrator/dead-letters/dead-letter-store';
import { ParticipantMemory } from '../orchestrator/participant-memory';
import { BulkDecisionsController } from './dead-letters/bulk-decisions.controller';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { DefinitionsController } from './definitions.controller';
import { OperationsController } from './operations.controller';
import { OperatorActionReader } from './operator-action-reader';
import { OperatorActionsController } from './operator-actions.controller';
import { SagaDetails } from './saga-details';
import { SagaReader } from './saga-reader';
import { SagasController } from './sagas.controller';
import { SignalsController } from './signals.controller';

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
  ],
  providers: [
    { provide: SagaReader, inject: [SagaStore], useFactory: (store: SagaStore) => new SagaReader(store) },
    {
      provide: SagaDetails,
      inject: [SagaReader, DefinitionRegistry, DeadLetterStore, ParticipantMemory],
      useFactory: (
        reader: SagaReader,
        registry: DefinitionRegistry,
        deadLetters: DeadLetterStore,
        memory: ParticipantMemory,
      ) => new SagaDetails(reader, registry, deadLetters, memory),
    },
    {
      provide: OperatorActionReader,
      inject: [SagaStore],
      useFactory: (store: SagaStore) => new OperatorActionReader(store),
    },
  ],
})
export class AdminModule {}
