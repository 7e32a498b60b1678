import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Scenario } from '../../../apps/console/scenarios';
import { get, placeOrder } from './shop-api';
import { timelineOf, type SagaHistory } from './timeline';
import type { StackContext } from './stack-context';

const DEADLINE_MS = 90_000;
const AWAY_MS = 10_000;

/** The scenario did not end as described. */
export class UnexpectedEndError extends Error {
  override readonly name = 'UnexpectedEndError';

  constructor({ name, end, expectedLines: mustShow }: Scenario, timeline: readonly string[], options: ErrorOptions) {
    super(
      `${name} should have ended ${end} and shown ${mustShow.join(' and ')}, but:\n${timeline.join('\n')}`,
      options,
    );
  }
}

/** Places an order, injects the scenario's fault, and resolves with the saga's timeline once it has ended. */
export async function runScenario(scenario: Scenario, context: StackContext): Promise<string[]> {
  const { sku, fault } = scenario;
  const place = (): Promise<string> => placeOrder(context.orderUrl, { sku, fault });
  const sagaId = await (scenario.suspends === 'broker' ? whileBrokerIsAway(context, place) : place());
  let timeline: string[] = [];
  const hasEnded = async (): Promise<boolean> => {
    const saga = await get<SagaHistory>(`${context.adminUrl}/v1/sagas/${sagaId}`);
    timeline = timelineOf(saga);
    const text = timeline.join('\n');
    return saga.status === scenario.end && scenario.expectedLines.every((part) => text.includes(part));
  };
  try {
    await waitUntil(`the end of ${scenario.name}`, hasEnded, { deadlineMs: DEADLINE_MS, everyMs: 200 });
  } catch (error) {
    throw new UnexpectedEndError(scenario, timeline, { cause: error });
  }
  return timeline;
}

async function whileBrokerIsAway({ broker, knowsSaga }: StackContext, place: () => Promise<string>): Promise<string> {
  broker.stop();
  try {
    const sagaId = await place();
    await sleep(AWAY_MS);
    if (await knowsSaga(sagaId)) throw new Error('The broker was not suspended: the saga has started.');
    return sagaId;
  } finally {
    broker.resume();
  }
}
