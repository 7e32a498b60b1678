import { defineSaga } from '@palinode/saga/definition';
import {
  approveOrder,
  chargeCard,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserveStock,
} from '../../contracts/index.js';

export const placeOrderSaga = defineSaga({ ...placeOrder, version: 1, deadline: '15m' })
  .compensation('order', {
    invoke: rejectOrder,
    payload: ({ input: { orderId }, cause }) => ({
      orderId,
      // A refusal's reason is for the customer; what went wrong inside is not.
      reason: cause.kind === 'refusal' ? cause.reason : 'not-available',
    }),
  })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: ({ input: { orderId, sku, quantity } }) => ({ orderId, sku, quantity }),
    compensation: { invoke: releaseStock, payload: ({ input: { orderId } }) => ({ orderId }) },
  })
  .pivot('charge', {
    invoke: chargeCard,
    payload: ({ input: { orderId, amountCents, cardToken } }) => ({ orderId, amountCents, cardToken }),
  })
  .retriable('approval', { invoke: approveOrder, payload: ({ input: { orderId } }) => ({ orderId }) })
  .build();
