import {
  anOrder,
  authorized,
  authorizePayment,
  capturePayment,
  placeOrder,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
} from '../../../test/sample-saga';
import { defineSaga, exponential } from '../../definition';
import { Order } from '../../../test/sample-saga';
import { SagaTestError } from '../saga-test-error';
import { explore } from './explore';

interface Books {
  readonly reserved: number;
  readonly authorized: number;
  readonly captured: number;
}

const commandOptions = {
  timeout: '5s',
  retry: { attempts: 2, backoff: exponential('1s'), attentionAfter: 2 },
} as const;
const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });

/** A compensatable step, then a pivot of a service that is sometimes away. */
const pay = defineSaga({ name: 'pay', version: 1, input: Order, deadline: '1m' })
  .compensatable('payment', {
    invoke: authorizePayment,
    payload: orderOf,
    compensation: { invoke: voidPayment, payload: orderOf, ...commandOptions },
    ...commandOptions,
  })
  .pivot('capture', {
    invoke: capturePayment,
    payload: ({ payment }) => ({ authorizationId: payment.authorizationId }),
    ...commandOptions,
  })
  .build();

describe('a saga whose participants are held at any time', () => {
  it('keeps its promises, and can always end', () => {
    const { complete } = explore(pay)
      .world<Books>({ reserved: 0, authorized: 0, captured: 0 })
      .holds('payment')
      .on(authorizePayment, { reply: authorized, effect: (books) => ({ ...books, authorized: books.authorized + 1 }) })
      .on(voidPayment, { effect: (books) => ({ ...books, authorized: books.authorized - 1 }) })
      .on(capturePayment, { effect: (books) => ({ ...books, captured: books.captured + 1 }) })
      .always('at most one authorization', ({ authorized: count }) => count <= 1)
      .whenCompleted('the money is taken once', ({ captured }) => captured === 1)
      .whenCompensated('nothing is taken', ({ authorized: count, captured }) => count === 0 && captured === 0)
      .start(anOrder(), { tries: 1 })
      .expectNoBrokenPromise();
    expect(complete).toBe(true);
  });

  it('keeps its promises when two services are held, in a sample of histories', () => {
    explore(placeOrder)
      .world<Books>({ reserved: 0, authorized: 0, captured: 0 })
      .holds('payment', 'inventory')
      .on(reserveStock, { reply: reserved, effect: (books) => ({ ...books, reserved: books.reserved + 1 }) })
      .on(releaseStock, { effect: (books) => ({ ...books, reserved: books.reserved - 1 }) })
      .on(authorizePayment, { reply: authorized, effect: (books) => ({ ...books, authorized: books.authorized + 1 }) })
      .on(voidPayment, { effect: (books) => ({ ...books, authorized: books.authorized - 1 }) })
      .whenCompensated('nothing is left', ({ reserved: stock, authorized: money }) => stock + money === 0)
      .start(anOrder(), { tries: 1, maxStates: 10_000, walks: 200 })
      .expectNoBrokenPromise();
  });

  it('is rejected when it has no command of a service to hold', () => {
    expect(() => explore(placeOrder).holds('shipping')).toThrow(SagaTestError);
  });
});
