/*
 * The simulated definitions: the sample saga, a second version of it with sequential steps, and a saga of all other
 * shapes.
 */
import { DefinitionRegistry, defineSaga, exponential, type SagaDefinition } from '../../src/definition';
import {
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  Order,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserveStock,
  voidPayment,
} from '../sample-saga';
import { bookHotel, bookTrip } from '../sample-shapes';

const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const commandOptions = {
  timeout: '2s',
  retry: { attempts: 2, backoff: exponential('500ms', { cap: '2s' }), attentionAfter: 3 },
} as const;

/** Steps that must succeed have one attempt: if attempts counted for them, the first failure would show it. */
const endless = { ...commandOptions, retry: { ...commandOptions.retry, attempts: 1 } } as const;

/** order (compensation only) → stock → payment → capture (pivot) → confirm ∥ commit. */
const placeOrder2 = defineSaga({ name: 'place-order', version: 2, input: Order, deadline: '1m' })
  .compensation('order', { invoke: rejectOrder, payload: orderOf, ...commandOptions })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, ...commandOptions },
    ...commandOptions,
  })
  .compensatable('payment', {
    invoke: authorizePayment,
    payload: orderOf,
    compensation: { invoke: voidPayment, payload: orderOf, ...commandOptions },
    ...commandOptions,
  })
  .pivot('capture', {
    invoke: capturePayment,
    payload: ({ payment }) => ({ authorizationId: payment.authorizationId }),
    ...commandOptions,
  })
  .parallel((branch) => ({
    confirm: branch.retriable({ invoke: confirmOrder, payload: orderOf, ...endless }),
    commit: branch.retriable({ invoke: commitStock, payload: orderOf, ...endless }),
  }))
  .build();

export const DEFINITIONS: readonly SagaDefinition[] = [placeOrder, placeOrder2, bookTrip, bookHotel];

const registryOf = (...definitions: readonly SagaDefinition[]): DefinitionRegistry =>
  new DefinitionRegistry(definitions);

/** The sets of definitions that an orchestrator may have; the first is the newest, as when no update runs. */
export const REGISTRIES: readonly DefinitionRegistry[] = [
  registryOf(...DEFINITIONS),
  registryOf(placeOrder, bookHotel),
  registryOf(placeOrder2),
  registryOf(),
];
