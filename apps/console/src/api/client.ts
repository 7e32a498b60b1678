import createClient, { type Middleware } from 'openapi-fetch';
import { servicePath, settings } from '../settings';
import { Problem, problemOf } from './problem';
import type { components, paths as OrchestratorPaths } from './generated/orchestrator-api';
import type { paths as InventoryPaths } from './generated/inventory-api';
import type { components as OrderComponents, paths as OrderPaths } from './generated/order-api';
import type { paths as PaymentPaths } from './generated/payment-api';

/** The schemas of the admin API: `Admin['SagaDetail']`. */
export type Admin = components['schemas'];
/** The schemas of the order service's API. */
export type Shop = OrderComponents['schemas'];

/** Every answer that is not a success throws a {@link Problem}, and so does a server that cannot be reached. */
const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
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
export const order = clientOf<OrderPaths>(servicePath('order'));
export const inventory = clientOf<InventoryPaths>(servicePath('inventory'));
export const payment = clientOf<PaymentPaths>(servicePath('payment'));

/** The data of a successful answer. */
export async function dataOf<Data>(answer: Promise<{ readonly data?: Data }>): Promise<Data> {
  const { data } = await answer;
  return data as Data;
}
