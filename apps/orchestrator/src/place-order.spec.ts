import {
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  rejectOrder,
  releaseStock,
  reserveStock,
  voidPayment,
  type PlaceOrder,
} from '@palinode/contracts';
import type { SagaDefinition } from '@palinode/saga/orchestrator';
import { explore, type Exploration } from '@palinode/saga/testing';
import { placeOrderSaga } from './place-order';

const ORDER_ID = '019b76da-a800-7000-8000-000000000001';

const anOrder = (): PlaceOrder => ({
  orderId: ORDER_ID,
  customerId: 'cust-1',
  lines: [{ sku: 'SKU-TEAPOT', quantity: 1 }],
  amountCents: 2_500,
  currency: 'EUR',
  paymentToken: 'tok_ok',
});

/** One teapot, and a customer with 25 euros. */
const shop = {
  stock: { free: 1, reserved: 0, sold: 0 },
  card: { free: 2_500, held: 0, taken: 0 },
  order: 'PENDING' as 'PENDING' | 'APPROVED' | 'REJECTED',
};

/** Explores every course of an order in a model of the shop. */
function exploreOrder(definition: SagaDefinition<PlaceOrder>): Exploration {
  return explore(definition)
    .world(shop)
    .on(reserveStock, {
      reply: { reservationId: '019b76da-a800-7000-8000-00000000000a' },
      effect: ({ stock, ...rest }) => ({
        ...rest,
        stock: { ...stock, free: stock.free - 1, reserved: stock.reserved + 1 },
      }),
    })
    .on(releaseStock, {
      effect: ({ stock, ...rest }) => ({
        ...rest,
        stock: { ...stock, free: stock.free + stock.reserved, reserved: 0 },
      }),
    })
    .on(commitStock, {
      effect: ({ stock, ...rest }) => {
        if (stock.reserved === 0) throw new Error('nothing is reserved');
        return { ...rest, stock: { ...stock, reserved: 0, sold: stock.sold + stock.reserved } };
      },
    })
    .on(authorizePayment, {
      reply: { authorizationId: '019b76da-a800-7000-8000-00000000000b' },
      effect: ({ card, ...rest }, { amountCents }) => ({
        ...rest,
        card: { ...card, free: card.free - amountCents, held: card.held + amountCents },
      }),
    })
    .on(voidPayment, {
      effect: ({ card, ...rest }) => ({ ...rest, card: { ...card, free: card.free + card.held, held: 0 } }),
    })
    .on(capturePayment, {
      effect: ({ card, ...rest }) => ({ ...rest, card: { ...card, held: 0, taken: card.taken + card.held } }),
    })
    .on(confirmOrder, { effect: (world) => ({ ...world, order: 'APPROVED' }) })
    .on(rejectOrder, { effect: (world) => ({ ...world, order: 'REJECTED' }) })
    .always('no teapot is lost', ({ stock }) => stock.free + stock.reserved + stock.sold === 1)
    .always('no teapot is sold twice', ({ stock }) => stock.free >= 0)
    .always('no cent is lost', ({ card }) => card.free + card.held + card.taken === 2_500)
    .whenCompleted(
      'it is paid and sold',
      ({ stock, card, order }) => stock.sold === 1 && card.taken === 2_500 && order === 'APPROVED',
    )
    .whenCompensated(
      'everything is as before',
      ({ stock, card, order }) => stock.free === 1 && card.free === 2_500 && order === 'REJECTED',
    )
    .start(anOrder());
}

type StepDefinition = SagaDefinition['stages'][number]['steps'][number];

/** The saga with another command instead of the one that voids the payment. */
function withoutVoiding(step: StepDefinition): StepDefinition {
  return step.compensation?.command === voidPayment
    ? { ...step, compensation: { ...step.compensation, command: releaseStock } }
    : step;
}

describe('the exploration of place-order', () => {
  it('finds that every order is either sold and paid or fully undone', () => {
    const { states } = exploreOrder(placeOrderSaga).expectNoBrokenPromise();
    expect(states).toBeGreaterThan(1_000);
  });

  it('reports the shortest way to a broken promise when the payment is not voided', () => {
    const stages = placeOrderSaga.stages.map(({ steps }) => ({ steps: steps.map(withoutVoiding) }));
    const { story } = exploreOrder({ ...placeOrderSaga, stages });
    expect(story?.split('\n')).toEqual([
      'place-order breaks a promise: "everything is as before" does not hold. The shortest way there:',
      '       0 s  the saga starts → inventory.reserve-stock, payment.authorize',
      '       0 s  inventory.reserve-stock is refused: out-of-stock',
      '       0 s  the refusal of inventory.reserve-stock arrives',
      '       0 s  payment.authorize is done',
      '       0 s  the success of payment.authorize arrives → inventory.release-stock',
      '       0 s  inventory.release-stock is done',
      '       0 s  the success of inventory.release-stock arrives → order.reject',
      '       0 s  order.reject is done',
      '       0 s  the success of order.reject arrives',
      expect.stringContaining('The saga is COMPENSATED; order COMPENSATED, stock REFUSED, payment COMPENSATED'),
      expect.stringContaining('"card":{"free":0,"held":2500,"taken":0}'),
    ]);
  });
});
