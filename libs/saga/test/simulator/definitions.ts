/* What is run: the sample saga, a second version of it that does one thing after the other, and a saga of all other shapes. */
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
const patience = {
  timeout: '2s',
  retry: { attempts: 2, backoff: exponential('500ms', { cap: '2s' }), attentionAfter: 3 },
} as const;

/** The attempts of what must succeed do not count: were they to, the first failure would show it. */
const endless = { ...patience, retry: { ...patience.retry, attempts: 1 } } as const;

/** order (taken back only) → stock → payment → capture (pivot) → confirm ∥ commit. */
const placeOrder2 = defineSaga({ name: 'place-order', version: 2, input: Order, deadline: '1m' })
  .compensation('order', { invoke: rejectOrder, payload: orderOf, ...patience })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, ...patience },
    ...patience,
  })
  .compensatable('payment', {
    invoke: authorizePayment,
    payload: orderOf,
    compensation: { invoke: voidPayment, payload: orderOf, ...patience },
    ...patience,
  })
  .pivot('capture', {
    invoke: capturePayment,
    payload: ({ payment }) => ({ authorizationId: payment.authorizationId }),
    ...patience,
  })
  .parallel((branch) => ({
    confirm: branch.retriable({ invoke: confirmOrder, payload: orderOf, ...endless }),
    commit: branch.retriable({ invoke: commitStock, payload: orderOf, ...endless }),
  }))
  .build();

export const DEFINITIONS: readonly SagaDefinition[] = [placeOrder, placeOrder2, bookTrip, bookHotel];

const registryOf = (...definitions: readonly SagaDefinition[]): DefinitionRegistry =>
  new DefinitionRegistry(definitions);

/** What an orchestrator may know: the newest first, as when nothing is being replaced. */
export const REGISTRIES: readonly DefinitionRegistry[] = [
  registryOf(...DEFINITIONS),
  registryOf(placeOrder, bookHotel),
  registryOf(placeOrder2),
  registryOf(),
];
