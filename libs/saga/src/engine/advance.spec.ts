import { atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
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
import { sagaTest, type SagaTest } from '../testing/saga-test';

const statuses = ({ state }: SagaTest): Record<string, string> =>
  Object.fromEntries(Object.entries(state.steps).map(([name, { status }]) => [name, status]));

describe('a saga that goes forward', () => {
  it('sends the commands of a parallel stage together', () => {
    sagaTest(placeOrder).start(anOrder()).expectCommands(reserveStock, authorizePayment);
  });

  it('does not leave a stage while a branch is in flight (rule 3)', () => {
    atFirstStage().reply(reserveStock, reserved).expectCommands(authorizePayment).expectStep('capture', 'PENDING');
  });

  it('passes the replies of earlier stages to a payload', () => {
    expect(atPivot().awaited(capturePayment).payload).toEqual({ authorizationId: 'a-1' });
  });

  it('completes with its last step', () => {
    const saga = atRetriable().reply(confirmOrder).passTime('2s').reply(commitStock).expectStatus('COMPLETED');
    expect(saga.state.endedAt).toBe(saga.now);
  });
});

describe('a saga that compensates', () => {
  it('waits for a branch still in flight (rule 3)', () => {
    const saga = atFirstStage().refuse(authorizePayment, 'card-declined');
    saga.expectStatus('RUNNING').expectCommands(reserveStock);
  });

  it('compensates the branch that succeeded after its sibling was refused (rule 3)', () => {
    const saga = atFirstStage().refuse(authorizePayment, 'card-declined').reply(reserveStock, reserved);
    saga.expectCommands(releaseStock);
  });

  it('resends an unanswered branch although its sibling was refused (rule 3)', () => {
    const saga = atFirstStage().refuse(authorizePayment, 'card-declined').passTime('5s');
    expect(saga.history.at(-1)?.sent).toMatchObject([{ step: 'stock', again: true }]);
  });

  it('does not compensate a step that was refused (rule 4)', () => {
    const saga = atFirstStage().refuse(authorizePayment, 'card-declined').refuse(reserveStock, 'out-of-stock');
    saga.expectCommands(rejectOrder);
  });

  it('does not compensate a step that failed (rule 4)', () => {
    const saga = atFirstStage().refuse(authorizePayment, 'card-declined').fail(reserveStock, 'deadlock');
    saga.expectStep('stock', 'FAILED').expectCommands(rejectOrder);
  });

  it('runs the stages in reverse, the step of the starting service last (rule 3)', () => {
    const saga = atPivot().refuse(capturePayment, 'expired').expectCommands(releaseStock, voidPayment);
    saga.reply(releaseStock).expectCommands().reply(voidPayment).expectCommands(rejectOrder);
  });

  it('ends COMPENSATED', () => {
    const saga = atPivot().refuse(capturePayment, 'expired').reply(releaseStock).reply(voidPayment).reply(rejectOrder);
    saga.expectStatus('COMPENSATED');
  });

  it('leaves every step in the status of its outcome', () => {
    const saga = atFirstStage().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
    expect(statuses(saga.reply(releaseStock).reply(rejectOrder))).toEqual({
      order: 'COMPENSATED',
      stock: 'COMPENSATED',
      payment: 'REFUSED',
      capture: 'SKIPPED',
      confirm: 'SKIPPED',
      commit: 'SKIPPED',
    });
  });

  it('passes the reply, if there was one, to the compensation', () => {
    const saga = atPivot().refuse(capturePayment, 'expired');
    expect(saga.awaited(releaseStock).payload).toEqual({ orderId: 'o-1', seen: 'r-1' });
  });
});

describe('the cause of a compensation', () => {
  it('is the refusal, with the reason and detail of the participant', () => {
    const { cause } = atFirstStage().refuse(authorizePayment, 'card-declined', 'limit').state;
    expect(cause).toEqual({ kind: 'refusal', step: 'payment', reason: 'card-declined', detail: 'limit' });
  });

  it('is the failure that used up the attempts', () => {
    const saga = atFirstStage().fail(reserveStock, 'a').passTime('4s').fail(reserveStock, 'b').passTime('4s');
    const { cause } = saga.fail(reserveStock, 'c').state;
    expect(cause).toEqual({ kind: 'failure', step: 'stock', reason: 'handler-threw', detail: 'c' });
  });

  it('is the missing answer', () => {
    const { cause } = atFirstStage().reply(authorizePayment, authorized).silence(reserveStock).state;
    expect(cause).toEqual({ kind: 'no-answer', step: 'stock', reason: 'no-answer' });
  });

  it('is the first problem, not the later failure of a branch that is not retried because of it', () => {
    const saga = atFirstStage().refuse(authorizePayment, 'card-declined').fail(reserveStock, 'deadlock');
    expect(saga.state.cause).toMatchObject({ kind: 'refusal', step: 'payment' });
  });
});

describe('a branch in backoff', () => {
  const backingOff = (): SagaTest => atFirstStage().fail(reserveStock, 'deadlock');

  it('is not retried once its stage must be compensated', () => {
    backingOff().refuse(authorizePayment, 'card-declined').expectStep('stock', 'FAILED').expectCommands(rejectOrder);
  });

  it('is not retried on resume when its stage had to be compensated during the pause', () => {
    const saga = backingOff().pause().refuse(authorizePayment, 'card-declined').resume();
    saga.expectStep('stock', 'FAILED').expectCommands(rejectOrder);
  });
});
