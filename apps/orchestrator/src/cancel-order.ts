import { cancelOrder, dropCancellation, finishCancellation, refundPayment, returnStock } from '@palinode/contracts';
import { defineSaga } from '@palinode/saga/orchestrator';
import { reasonOf } from './reason';

/** Cancels an approved order: first the refund, which may be refused, then the stock. */
export const cancelOrderSaga = defineSaga({ ...cancelOrder, version: 1 })
  .compensation('request', {
    invoke: dropCancellation,
    payload: ({ input, cause }) => ({ orderId: input.orderId, reason: reasonOf(cause) }),
  })
  .pivot('refund', {
    invoke: refundPayment,
    payload: ({ input }) => ({ orderId: input.orderId }),
  })
  .parallel((branch) => ({
    stock: branch.retriable({
      invoke: returnStock,
      payload: ({ input }) => ({ orderId: input.orderId, lines: input.lines }),
    }),
    order: branch.retriable({
      invoke: finishCancellation,
      payload: ({ input }) => ({ orderId: input.orderId }),
    }),
  }))
  .build();
