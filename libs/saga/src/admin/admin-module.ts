import { Module } from '@nestjs/common';
import { SagaStore } from '../orchestrator';
import { DefinitionsController } from './definitions.controller';
import { SagaReader } from './saga-reader';
import { SagasController } from './sagas.controller';

/** The admin REST API, to be imported beside the OrchestratorModule. */
@Module({
  controllers: [SagasController, DefinitionsController],
  providers: [{ provide: SagaReader, inject: [SagaStore], useFactory: (store: SagaStore) => new SagaReader(store) }],
})
export class AdminModule {}
