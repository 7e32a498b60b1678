import {
  anOrder,
  authorized,
  authorizePayment,
  capturePayment,
  placeOrder,
  reserved,
  reserveStock,
} from './sample-saga';
import { sagaTest, type SagaTest } from '../src/testing/saga-test';

/** stock and payment are in flight. */
export function atFirstStage(): SagaTest {
  return sagaTest(placeOrder).start(anOrder());
}

/** stock and payment are done, capture is in flight. */
export function atPivot(): SagaTest {
  return atFirstStage().reply(reserveStock, reserved).reply(authorizePayment, authorized);
}

/** capture is done, confirm is in flight. */
export function atRetriable(): SagaTest {
  return atPivot().reply(capturePayment);
}

/** The card was declined, the release of the stock is in flight. */
export function atCompensation(): SagaTest {
  return atFirstStage().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
}
