/* The shop's orchestrator, in the release that a file names when the process starts. */
import { readFileSync } from 'node:fs';
import { Orchestrator, type SagaDefinition } from '@palinode/saga/orchestrator';
import { startService } from '@palinode/service';
import { CONSOLE_PAGES } from '@palinode/test-support/shop/console-pages';
import { definitions } from '../../apps/orchestrator/src/definitions';
import { OrchestratorAppModule } from '../../apps/orchestrator/src/orchestrator-app.module';
import { OrchestratorEnvironment } from '../../apps/orchestrator/src/orchestrator-environment';
import { placeOrderSaga } from '../../apps/orchestrator/src/place-order';
import type { Release } from './shop-on-call';

type Step = SagaDefinition['stages'][number]['steps'][number];

const RELEASES: Readonly<Record<Release, readonly SagaDefinition[]>> = {
  usual: definitions,
  'with-a-mapper-bug': definitions.map((each) => (each === placeOrderSaga ? withMapperBug(each) : each)),
  'with-version-2': [...definitions, { ...placeOrderSaga, version: 2 }],
};

/** The payload of the sale reads a field that the input does not have. */
function withMapperBug(definition: SagaDefinition): SagaDefinition {
  const stages = definition.stages.map((stage) => ({ ...stage, steps: stage.steps.map(withBug) }));
  return { ...definition, stages };
}

function withBug(step: Step): Step {
  if (step.name !== 'sale' || step.action === undefined) return step;
  const payload = ({ input }: { input: { order?: { id: string } } }): object => ({ orderId: input.order!.id });
  return { ...step, action: { ...step.action, payload } };
}

const release = readFileSync(process.env['RELEASE_FILE'] ?? '', 'utf8') as Release;

void startService({
  name: 'orchestrator',
  environment: OrchestratorEnvironment,
  module: (environment) => OrchestratorAppModule.with(environment, [...RELEASES[release]], CONSOLE_PAGES),
  consumers: { orchestrator: Orchestrator },
});
