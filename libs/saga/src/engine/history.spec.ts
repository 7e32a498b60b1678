import { atCompensation, atPivot, atRetriable } from '../../test/sample-progress';
import {
  capturePayment,
  commitStock,
  confirmOrder,
  placeOrder,
  rejectOrder,
  releaseStock,
} from '../../test/sample-saga';
import type { SagaTest } from '../testing/saga-test';
import { fold } from './history';

describe('folding the history (rule 8)', () => {
  it.each<[string, () => SagaTest]>([
    ['COMPLETED', () => atRetriable().reply(confirmOrder).reply(commitStock)],
    [
      'COMPENSATED',
      () => atCompensation().fail(releaseStock, 'x').passTime('4s').reply(releaseStock).reply(rejectOrder),
    ],
    ['PAUSED', () => atPivot().silence(capturePayment)],
    ['RUNNING', () => atRetriable().pause().resume().passTime('6s')],
  ])('returns the state of a saga that is %s', (status, lead) => {
    const { state, history } = lead().expectStatus(status as 'RUNNING');
    expect(fold(placeOrder, history)).toEqual(state);
  });

  it('returns the same state from a history that was stored as JSON', () => {
    const { state, history } = atPivot().silence(capturePayment);
    expect(fold(placeOrder, JSON.parse(JSON.stringify(history)))).toEqual(state);
  });

  it('returns nothing for an empty history', () => {
    expect(fold(placeOrder, [])).toBeUndefined();
  });
});

describe('a history entry', () => {
  it('says why an event changed nothing (rule 2)', () => {
    const saga = atPivot();
    saga.deliver({ kind: 'cancel', by: 'ann', reason: '' });
    expect(saga.history.at(-1)).toMatchObject({ event: { kind: 'cancel' }, sent: [], ignored: 'past-the-pivot' });
  });

  it('names the commands that were sent, without their payloads', () => {
    const { commandId } = atRetriable().awaited(confirmOrder);
    expect(atRetriable().history.at(-1)?.sent).toEqual([
      { commandId, command: 'order.confirm', step: 'confirm', direction: 'action', attempt: 1, again: false },
    ]);
  });
});
