import { defineSaga } from '@palinode/saga/orchestrator';
import { approve, authorize, buy, reject, release, reserve } from '../targets/saga/contracts';
import { buyingIn } from '../targets/saga/definition';

const orderOf = ({ input: { orderId } }: { input: { orderId: string } }): { orderId: string } => ({ orderId });

/**
 * A purchase with long timeouts, so that sagas stay open, and with many steps, so that each can be advanced repeatedly.
 */
export const patientPurchase = defineSaga({ ...buy, name: 'patient-purchase', version: 1, deadline: '30d' })
  .compensation('order', { invoke: reject, payload: orderOf, timeout: '1d' })
  .compensatable('stock', {
    invoke: reserve,
    payload: ({ input: { orderId, sku, quantity } }) => ({ orderId, sku, quantity }),
    compensation: { invoke: release, payload: orderOf, timeout: '1d' },
    timeout: '1d',
  })
  .pivot('payment', {
    invoke: authorize,
    payload: ({ input: { orderId, amountCents, token } }) => ({ orderId, amountCents, token }),
    timeout: '1d',
  })
  .retriable('approval', { invoke: approve, payload: orderOf, timeout: '1d' })
  .retriable('packing', { invoke: approve, payload: orderOf, timeout: '1d' })
  .retriable('shipping', { invoke: approve, payload: orderOf, timeout: '1d' })
  .retriable('billing', { invoke: approve, payload: orderOf, timeout: '1d' })
  .build();

/** The same with another name: nearly half of all sagas have it, and none of them is paused. */
export const otherPurchase = { ...patientPurchase, name: 'other-purchase' };

/** The definition of the ended sagas: the three steps of the bench. */
export const earlierPurchase = { ...buyingIn(3), name: 'earlier-purchase' };
