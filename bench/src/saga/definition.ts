import { defineSaga } from '@palinode/saga/orchestrator';
import { approve, authorize, buy, reject, release, reserve } from './contracts';

const orderOf = ({ input: { orderId } }: { input: { orderId: string } }): { orderId: string } => ({ orderId });

/** The steps that the peers' benches have: reserve, authorize, approve. */
export const buying = defineSaga({ ...buy, version: 1 })
  .compensation('order', { invoke: reject, payload: orderOf })
  .compensatable('stock', {
    invoke: reserve,
    payload: ({ input: { orderId, sku, quantity } }) => ({ orderId, sku, quantity }),
    compensation: { invoke: release, payload: orderOf },
  })
  .pivot('payment', {
    invoke: authorize,
    payload: ({ input: { orderId, amountCents, token } }) => ({ orderId, amountCents, token }),
  })
  .retriable('approval', { invoke: approve, payload: orderOf })
  .build();
