/* Saga tests that must not compile. Nothing here runs: `npm run types` fails when one of these lines compiles. */
import { anOrder, confirmOrder, placeOrder, reserveStock } from '../../test/sample-saga';
import { sagaTest } from './saga-test';

export function refused(): void {
  const saga = sagaTest(placeOrder).start(anOrder());

  // @ts-expect-error an input of another shape
  sagaTest(placeOrder).start({ orderId: 1 });

  // @ts-expect-error a reply of another shape
  saga.reply(reserveStock, { orderId: 'o-1' });

  // @ts-expect-error a reply without data, where the contract has some
  saga.reply(reserveStock);

  // @ts-expect-error a reply to a command that is answered without data
  saga.reply(confirmOrder, {});

  // @ts-expect-error a refusal that the contract does not declare
  saga.refuse(reserveStock, 'card-declined');

  // @ts-expect-error a command that cannot be refused
  saga.refuse(confirmOrder, 'out-of-stock');
}
