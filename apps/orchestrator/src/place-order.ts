import {
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserveStock,
  voidPayment,
} from '@palinode/contracts';
import { defineSaga } from '@palinode/saga/orchestrator';

/** Sells the ordered articles, or leaves everything as it was. The order service has already written the order. */
export const placeOrderSaga = defineSaga({ ...placeOrder, version: 1, deadline: '15m' })
  .compensation('order', {
    invoke: rejectOrder,
    payload: ({ input, cause }) => ({
      orderId: input.orderId,
      reason: cause.kind === 'refusal' ? cause.reason : cause.kind,
    }),
  })
  .parallel((branch) => ({
    stock: branch.compensatable({
      invoke: reserveStock,
      payload: ({ input }) => ({ orderId: input.orderId, lines: input.lines }),
      compensation: { invoke: releaseStock, payload: ({ input }) => ({ orderId: input.orderId }) },
    }),
    payment: branch.compensatable({
      invoke: authorizePayment,
      payload: ({ input }) => ({
        orderId: input.orderId,
        customerId: input.customerId,
        amountCents: input.amountCents,
        currency: input.currency,
        paymentToken: input.paymentToken,
      }),
      compensation: { invoke: voidPayment, payload: ({ input }) => ({ orderId: input.orderId }) },
    }),
  }))
  .pivot('capture', {
    invoke: capturePayment,
    payload: ({ input, payment }) => ({ orderId: input.orderId, authorizationId: payment.authorizationId }),
  })
  .parallel((branch) => ({
    confirmation: branch.retriable({
      invoke: confirmOrder,
      payload: ({ input }) => ({ orderId: input.orderId }),
    }),
    sale: branch.retriable({
      invoke: commitStock,
      payload: ({ input }) => ({ orderId: input.orderId }),
    }),
  }))
  .build();
