import createClient, { type Middleware } from 'openapi-fetch';
import { servicePath, settings } from '../settings';
import { foreignAnswer, Problem, problemOf } from './problem';
import { readClock } from './server-clock';
import type { paths as OrchestratorPaths } from './generated/orchestrator-api';
import type { paths as InventoryPaths } from './generated/inventory-api';
import type { paths as OrderPaths } from './generated/order-api';
import type { paths as PaymentPaths } from './generated/payment-api';

export type { Admin, Shop } from './schemas';

/** Every answer that is not a success throws a {@link Problem}, and so does a server that cannot be reached. */
const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
    const foreign = foreignAnswer(response);
    if (foreign) throw foreign;
  },
  onError({ error }) {
    return new Problem({
      status: 0,
      title: 'Not reachable',
      detail: error instanceof Error ? error.message : String(error),
    });
  },
};

function clientOf<Paths extends object>(baseUrl: string) {
  const client = createClient<Paths>({ baseUrl });
  client.use(throwProblems);
  return client;
}

/** The admin API of the orchestrator. */
export const admin = clientOf<OrchestratorPaths>(settings.adminPath);
admin.use({ onResponse: ({ response }) => readClock(response) });
export const order = clientOf<OrderPaths>(servicePath('order'));
export const inventory = clientOf<InventoryPaths>(servicePath('inventory'));
export const payment = clientOf<PaymentPaths>(servicePath('payment'));

/** The data of a successful answer. */
export async function dataOf<Data>(answer: Promise<{ readonly data?: Data }>): Promise<Data> {
  const { data } = await answer;
  return data as Data;
}
