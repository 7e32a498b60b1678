import { Orchestrator } from '@palinode/saga/orchestrator';
import { startService } from '@palinode/service';
import { OrchestratorAppModule } from './orchestrator-app-module';

void startService({
  name: 'orchestrator',
  module: (environment) => OrchestratorAppModule.with(environment),
  readiness: { orchestrator: Orchestrator },
});
