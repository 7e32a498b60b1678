import {
  dropCancellation,
  finishCancellation,
  refundPayment,
  returnStock,
  type CancelOrder,
} from '@palinode/contracts';
import { explore, sagaTest } from '@palinode/saga/testing';
import { cancelOrderSaga } from './cancel-order';

const ORDER_ID = '019b76da-a800-7000-8000-000000000001';
const aCancellation = (): CancelOrder => ({ orderId: ORDER_ID, lines: [{ sku: 'SKU-TEAPOT', quantity: 1 }] });

it('refunds a cancelled order before it returns the stock', () => {
  const saga = sagaTest(cancelOrderSaga).start(aCancellation()).expectCommands(refundPayment);
  saga.reply(refundPayment).expectCommands(returnStock, finishCancellation);
  saga.reply(returnStock).reply(finishCancellation).expectStatus('COMPLETED');
});

it('leaves the order as it was when the payment cannot be refunded', () => {
  const saga = sagaTest(cancelOrderSaga).start(aCancellation()).refuse(refundPayment, 'not-refundable');
  expect(saga.awaited(dropCancellation).payload).toEqual({ orderId: ORDER_ID, reason: 'not-refundable' });
  saga.reply(dropCancellation).expectStatus('COMPENSATED');
});

it('pauses the cancellation when the refund is never answered', () => {
  sagaTest(cancelOrderSaga).start(aCancellation()).silence(refundPayment).expectStatus('PAUSED');
});

it('cancels everything or nothing in all explored states', () => {
  const { states } = explore(cancelOrderSaga)
    .world({ paid: 2_500, sold: 1, order: 'CANCELLING' })
    .on(refundPayment, { effect: (shop) => ({ ...shop, paid: shop.paid - 2_500 }) })
    .on(returnStock, { effect: (shop) => ({ ...shop, sold: shop.sold - 1 }) })
    .on(finishCancellation, { effect: (shop) => ({ ...shop, order: 'CANCELLED' }) })
    .on(dropCancellation, { effect: (shop) => ({ ...shop, order: 'APPROVED' }) })
    .always('nothing is returned twice', ({ paid, sold }) => paid >= 0 && sold >= 0)
    .whenCompleted(
      'everything was returned',
      ({ paid, sold, order }) => paid === 0 && sold === 0 && order === 'CANCELLED',
    )
    .whenCompensated(
      'nothing was returned',
      ({ paid, sold, order }) => paid === 2_500 && sold === 1 && order === 'APPROVED',
    )
    .start(aCancellation())
    .expectNoBrokenPromise();
  expect(states).toBeGreaterThan(100);
});
