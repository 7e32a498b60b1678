import { defineSaga, type SagaDefinition } from '@palinode/saga/orchestrator';
import { approve, authorize, buy, pick, putBack, reject, release, reserve, type Order } from './contracts';

type Scope = { input: Order };
const orderOf = ({ input: { orderId, note } }: Scope): { orderId: string; note?: string | undefined } => ({
  orderId,
  note,
});

/** The steps of the peers' benchmarks: reserve, authorize, approve. Additional steps come second. */
export function buyingIn(steps: number): SagaDefinition<Order> {
  let reserved = defineSaga({ ...buy, version: 1 })
    .compensation('order', { invoke: reject, payload: orderOf })
    .compensatable('stock', {
      invoke: reserve,
      payload: ({ input: { orderId, sku, quantity, note } }) => ({ orderId, sku, quantity, note }),
      compensation: { invoke: release, payload: orderOf },
    });
  for (let place = 1; place <= steps - 3; place += 1) {
    const payload = (scope: Scope) => ({ ...orderOf(scope), place });
    const compensation = { invoke: putBack, payload };
    reserved = reserved.compensatable(`pick-${place}`, { invoke: pick, payload, compensation });
  }
  return reserved
    .pivot('payment', {
      invoke: authorize,
      payload: ({ input: { orderId, amountCents, token, note } }) => ({ orderId, amountCents, token, note }),
    })
    .retriable('approval', { invoke: approve, payload: orderOf })
    .build();
}
