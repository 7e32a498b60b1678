import { waitUntil } from '@palinode/test-support/wait-until';
import type { Scenario } from './scenarios';
import { storyOf, type Told } from './story';
import type { Surroundings } from './surroundings';

const DEADLINE_MS = 90_000;

/** The scenario went another way than it promises. */
export class UnexpectedEndError extends Error {
  override readonly name = 'UnexpectedEndError';

  constructor({ name, end, mustShow }: Scenario, story: readonly string[], options: ErrorOptions) {
    super(`${name} should have ended ${end} and told of ${mustShow.join(' and ')}, but:\n${story.join('\n')}`, options);
  }
}

/** Places an order, breaks what the scenario breaks, and resolves with the story once it has come to its end. */
export async function perform(scenario: Scenario, surroundings: Surroundings): Promise<string[]> {
  const place = (): Promise<string> => placeOrder(scenario, surroundings);
  const sagaId = await (scenario.around?.(surroundings, place) ?? place());
  let story: string[] = [];
  const isTold = async (): Promise<boolean> => {
    const saga = await get<Told>(`${surroundings.adminUrl}/v1/sagas/${sagaId}`);
    story = storyOf(saga);
    const told = story.join('\n');
    return saga.status === scenario.end && scenario.mustShow.every((part) => told.includes(part));
  };
  try {
    await waitUntil(`the end of ${scenario.name}`, isTold, { deadlineMs: DEADLINE_MS, everyMs: 200 });
  } catch (error) {
    throw new UnexpectedEndError(scenario, story, { cause: error });
  }
  return story;
}

async function placeOrder({ sku = 'SKU-CUP', fault }: Scenario, { orderUrl }: Surroundings): Promise<string> {
  const response = await fetch(`${orderUrl}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(fault ? { 'x-saga-fault': fault } : {}) },
    body: JSON.stringify({ customerId: 'ada', lines: [{ sku, quantity: 1 }], paymentToken: 'tok_ok' }),
  });
  if (response.status !== 202) throw new Error(`The order was answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { sagaId: string }).sagaId;
}

async function get<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Body;
}
