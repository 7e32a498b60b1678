import { Orchestrator } from '@palinode/saga/orchestrator';
import { startService } from '@palinode/service';
import { OrchestratorAppModule } from './orchestrator-app.module';
import { OrchestratorEnvironment } from './orchestrator-environment';

void startService({
  name: 'orchestrator',
  environment: OrchestratorEnvironment,
  module: (environment) => OrchestratorAppModule.with(environment),
  consumers: { orchestrator: Orchestrator },
});
