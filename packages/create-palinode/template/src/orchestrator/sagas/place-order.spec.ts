import { explore, sagaTest } from '@palinode/saga/testing';
import {
  approveOrder,
  chargeCard,
  rejectOrder,
  releaseStock,
  reserveStock,
  type PlaceOrder,
} from '../../contracts/index.js';
import { placeOrderSaga } from './place-order.js';

const anOrder: PlaceOrder = {
  orderId: '019b76da-a800-7000-8000-000000000001',
  sku: 'mug',
  quantity: 2,
  amountCents: 2_500,
  cardToken: 'tok_ok',
};

describe('the saga place-order', () => {
  it('reserves the stock, charges the card and approves the order', () => {
    const saga = sagaTest(placeOrderSaga).start(anOrder);
    saga.reply(reserveStock).reply(chargeCard).reply(approveOrder).expectStatus('COMPLETED');
  });

  it('releases the stock and rejects the order when the card is declined', () => {
    const saga = sagaTest(placeOrderSaga).start(anOrder);
    saga.reply(reserveStock).refuse(chargeCard, 'card-declined');
    saga.compensate(releaseStock, rejectOrder).expectStatus('COMPENSATED');
  });

  it('has nothing to release when there is not enough stock', () => {
    const saga = sagaTest(placeOrderSaga).start(anOrder);
    saga.refuse(reserveStock, 'out-of-stock').compensate(rejectOrder).expectStatus('COMPENSATED');
  });

  it('never guesses whether a card was charged', () => {
    const saga = sagaTest(placeOrderSaga).start(anOrder).reply(reserveStock);
    saga.silence(chargeCard).expectStatus('PAUSED');
  });

  it('delivers and charges, or does neither, whatever happens', () => {
    explore(placeOrderSaga)
      .world({ reserved: 0, paidCents: 0, order: 'PENDING' })
      .on(reserveStock, { effect: (shop, { quantity }) => ({ ...shop, reserved: shop.reserved + quantity }) })
      .on(releaseStock, { effect: (shop) => ({ ...shop, reserved: 0 }) })
      .on(chargeCard, { effect: (shop, { amountCents }) => ({ ...shop, paidCents: shop.paidCents + amountCents }) })
      .on(approveOrder, { effect: (shop) => ({ ...shop, order: 'APPROVED' }) })
      .on(rejectOrder, { effect: (shop) => ({ ...shop, order: 'REJECTED' }) })
      .always('the customer never pays twice', ({ paidCents }) => paidCents <= 2_500)
      .whenCompleted('the goods are paid and reserved', ({ reserved, paidCents }) => reserved === 2 && paidCents > 0)
      .whenCompensated('nothing is paid or reserved', ({ reserved, paidCents }) => reserved === 0 && paidCents === 0)
      .start(anOrder)
      .expectNoBrokenPromise();
  });
});
