import {
  anOrder,
  authorized,
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
} from '../../test/sample-saga';
import { sagaTest, type SagaTest } from './saga-test';

const started = (): SagaTest => sagaTest(placeOrder).start(anOrder());

describe('a saga test', () => {
  it('releases the stock when the card is declined', () => {
    const saga = started();
    saga.reply(reserveStock, reserved);
    saga.refuse(authorizePayment, 'card-declined');
    saga.compensate(releaseStock, rejectOrder).expectStatus('COMPENSATED');
  });

  it('drives a saga to its end', () => {
    const saga = started();
    saga.expectCommands(authorizePayment, reserveStock);
    saga.reply(reserveStock, reserved).reply(authorizePayment, authorized);
    saga.expectCommands(capturePayment);
    saga.reply(capturePayment).reply(confirmOrder).reply(commitStock);
    saga.expectStatus('COMPLETED').expectStep('stock', 'DONE').expectCommands();
  });

  it('treats an answered command as seen', () => {
    started().reply(reserveStock, reserved).expectCommands(authorizePayment);
  });

  it('answers no command automatically', () => {
    const saga = started().refuse(reserveStock, 'out-of-stock').reply(authorizePayment, authorized);
    saga.expectCommands(voidPayment).expectStep('payment', 'COMPENSATING');
    saga.reply(voidPayment).expectCommands(rejectOrder).reply(rejectOrder).expectStatus('COMPENSATED');
  });

  it('accepts the commands of one parallel stage in any order', () => {
    started().expectCommands(authorizePayment, reserveStock);
    started().expectCommands(reserveStock, authorizePayment);
  });

  it('fails when a test expects an action among the compensations', () => {
    const saga = sagaTest(placeOrder).start(anOrder());
    expect(() => saga.compensate(reserveStock, authorizePayment)).toThrow(/was sent, which compensates nothing/);
  });

  it('expects compensations stage after stage, in any order within a stage', () => {
    const booked = (): SagaTest => started().reply(reserveStock, reserved).reply(authorizePayment, authorized);
    const refused = (): SagaTest => booked().refuse(capturePayment, 'expired');
    refused().compensate(voidPayment, releaseStock, rejectOrder).expectStatus('COMPENSATED');
    refused().compensate(releaseStock, voidPayment, rejectOrder).expectStatus('COMPENSATED');
  });

  it('fires each timer at its own instant when time passes', () => {
    const saga = started().passTime('12s');
    expect(saga.history.map(({ at }) => at - saga.state.startedAt)).toEqual([0, 5_000, 10_000]);
  });

  it('leaves a command unanswered until its step fails', () => {
    started().reply(reserveStock, reserved).silence(authorizePayment).expectStep('payment', 'COMPENSATING');
  });

  it('leaves a command unanswered until the saga pauses when its step cannot fail', () => {
    const saga = started().reply(reserveStock, reserved).reply(authorizePayment, authorized);
    saga.silence(capturePayment).expectStatus('PAUSED');
  });

  it('finds the awaited attempt after a failure', () => {
    const saga = started().fail(reserveStock, 'deadlock').passTime('2s').reply(reserveStock, reserved);
    saga.expectStep('stock', 'DONE');
  });

  it('fails when an answered command is not awaited, and describes the saga', () => {
    expect(() => started().reply(confirmOrder)).toThrow(
      'order.confirm is not waiting for an answer. The saga is RUNNING; order DONE, stock INVOKED, payment INVOKED, ' +
        'capture PENDING, confirm PENDING, commit PENDING.',
    );
  });

  it('fails when a reply breaks its contract', () => {
    expect(() => started().reply(reserveStock, { reservationId: 1 as unknown as string })).toThrow(
      'The reply to inventory.reserve-stock is not valid: reservationId must be string.',
    );
  });

  it('fails when a refusal is not declared', () => {
    expect(() => started().refuse(reserveStock, 'moon' as 'out-of-stock')).toThrow(
      'inventory.reserve-stock does not declare the refusal "moon"',
    );
  });

  it('fails when a command was sent that is not expected', () => {
    expect(() => started().expectCommands(reserveStock)).toThrow(
      'Expected inventory.reserve-stock: payment.authorize was sent, and not expected.',
    );
  });

  it('fails when the commands of two stages were sent in another order', () => {
    const silent = (): SagaTest => started().reply(authorizePayment, authorized).silence(reserveStock);
    const again = [reserveStock, reserveStock, reserveStock];
    silent().expectCommands(...again, voidPayment, releaseStock);
    expect(() => silent().expectCommands(voidPayment, releaseStock, ...again)).toThrow(
      'inventory.reserve-stock was sent before payment.void, inventory.release-stock',
    );
  });

  it('fails when the compensations of two stages were sent in another order', () => {
    const saga = started().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
    expect(() => saga.compensate(rejectOrder, releaseStock)).toThrow(
      'Expected order.reject, inventory.release-stock: inventory.release-stock was sent before order.reject.',
    );
  });

  it('fails when a compensation was sent that is not expected', () => {
    const saga = started().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
    expect(() => saga.compensate(releaseStock)).toThrow('order.reject was sent, and not expected');
  });

  it('lists all commands so far, with their steps and directions, when it fails', () => {
    const saga = started().reply(reserveStock, reserved).passTime('5s').refuse(authorizePayment, 'card-declined');
    expect(() => saga.expectCommands(rejectOrder)).toThrow(
      [
        'All commands so far:',
        '  inventory.reserve-stock (stock, action)',
        '  payment.authorize (payment, action)',
        '  payment.authorize (payment, action, sent again)',
        '  inventory.release-stock (stock, compensation)',
      ].join('\n'),
    );
  });

  it('fails when an expected command was not sent', () => {
    expect(() => started().expectCommands(reserveStock, authorizePayment, capturePayment)).toThrow(
      'payment.capture was not sent',
    );
  });

  it('fails when the saga has another status', () => {
    expect(() => started().expectStatus('COMPLETED')).toThrow('The saga is not COMPLETED. The saga is RUNNING;');
  });

  it('fails when a step has another status', () => {
    expect(() => started().expectStep('stock', 'DONE')).toThrow('stock is INVOKED, not DONE.');
  });

  it('fails when a step does not exist', () => {
    expect(() => started().expectStep('stok', 'DONE')).toThrow('stok is not a step of this saga.');
  });

  it('fails when the saga ignores an operator action', () => {
    expect(() => started().resume()).toThrow('The saga ignores resume: not-paused.');
  });
});
