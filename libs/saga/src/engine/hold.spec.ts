import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
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
import { fold } from './history';

const DAY = '24h';

/** A saga whose payment.authorize is unanswered, and held. */
function atHold(): SagaTest {
  const saga = atFirstStage().reply(reserveStock, reserved);
  saga.expectCommands(authorizePayment);
  return saga.holds('payment').silence(authorizePayment).expectHeld('payment');
}

describe('a command whose participant is held', () => {
  it('is not sent, while the saga runs up to it', () => {
    const saga = sagaTest(placeOrder).start(anOrder()).holds('payment');
    saga.reply(reserveStock, reserved).reply(authorizePayment, authorized);
    saga.expectCommands().expectStep('capture', 'PENDING').expectHeld('capture').expectStatus('RUNNING');
  });

  it('is sent when the hold ends', () => {
    const saga = sagaTest(placeOrder).start(anOrder()).holds('payment');
    saga.reply(reserveStock, reserved).reply(authorizePayment, authorized).passTime('10m');
    saga.releases('payment').expectCommands(capturePayment);
    saga.reply(capturePayment).reply(confirmOrder).reply(commitStock).expectStatus('COMPLETED');
  });

  it('waits for the end of the hold for any time', () => {
    const saga = atRetriable();
    saga.expectCommands(confirmOrder).holds('order').silence(confirmOrder).passTime(DAY);
    saga.expectHeld('confirm').expectStatus('RUNNING').releases('order').expectCommands(confirmOrder);
  });

  it('is sent again under its own id when it was sent before', () => {
    const saga = atHold();
    const { commandId } = saga.awaited(authorizePayment);
    saga.releases('payment').expectCommands(authorizePayment);
    expect(saga.history.at(-1)?.sent).toMatchObject([{ commandId, again: true }]);
  });

  it('may be answered late, from before the hold', () => {
    const saga = atHold().reply(authorizePayment, authorized).expectStep('payment', 'DONE');
    expect(saga.state.steps['payment']?.held).toBeUndefined();
    saga.expectHeld('capture');
  });

  it('starts counting its sends again when the hold has ended', () => {
    const saga = atHold().releases('payment');
    expect(saga.state.steps['payment']?.exchange).toMatchObject({ sends: 1 });
    saga.silence(authorizePayment);
    expect(saga.state.cause).toMatchObject({ kind: 'no-answer', step: 'payment' });
  });

  it('starts counting its attempts again when it failed during the hold', () => {
    const saga = atFirstStage().reply(reserveStock, reserved);
    saga.fail(authorizePayment, 'away').passTime('1s').fail(authorizePayment, 'away').passTime('2s');
    saga.holds('payment').fail(authorizePayment, 'away').expectHeld('payment').passTime('10m').releases('payment');
    expect(saga.awaited(authorizePayment)).toMatchObject({ attempt: 1, again: false });
  });

  it('does not pause a saga that must succeed', () => {
    atRetriable().holds('order').silence(confirmOrder).expectStatus('RUNNING').expectHeld('confirm');
    atCompensation().holds('inventory').silence(releaseStock).expectStatus('COMPENSATING').expectHeld('stock');
  });

  it('does not decide on a pivot', () => {
    const saga = atPivot();
    saga.expectCommands(capturePayment).holds('payment').silence(capturePayment).expectHeld('capture');
    saga.passTime(DAY).expectStatus('RUNNING').releases('payment').expectCommands(capturePayment);
  });

  it('stays refused when it is refused', () => {
    atHold().refuse(authorizePayment, 'card-declined').expectStep('payment', 'REFUSED').expectStatus('COMPENSATING');
  });
});

describe('a saga whose deadline passes during a hold', () => {
  it('is compensated, except for what is held', () => {
    const saga = atHold().passTime('15m').expectStep('payment', 'UNKNOWN').expectStatus('COMPENSATING');
    saga.reply(releaseStock).expectCommands().expectHeld('payment').expectStep('stock', 'COMPENSATED');
    saga.releases('payment').expectCommands(voidPayment).reply(voidPayment).compensate(rejectOrder);
    saga.expectStatus('COMPENSATED');
  });

  it('never sends a pivot that was held before it', () => {
    const saga = atFirstStage().holds(capturePayment).reply(reserveStock, reserved).reply(authorizePayment, authorized);
    saga.expectHeld('capture').passTime('15m').expectStep('capture', 'SKIPPED').expectStatus('COMPENSATING');
    saga.compensate(releaseStock, voidPayment, rejectOrder).expectStatus('COMPENSATED');
  });

  it('lets an operator skip a compensation that is held', () => {
    const saga = atHold().passTime('15m').reply(releaseStock).skip('payment');
    saga.compensate(rejectOrder).expectStep('payment', 'COMPENSATION_SKIPPED').expectStatus('COMPENSATED');
  });
});

describe('a probe', () => {
  it('sends one command, and counts as neither a send nor an attempt', () => {
    const saga = atHold();
    const before = saga.state.steps['payment']?.exchange;
    saga.probe('payment').expectCommands(authorizePayment).expectHeld('payment');
    expect(saga.state.steps['payment']?.exchange).toMatchObject({
      commandId: before?.commandId,
      sends: before?.sends,
      attempt: before?.attempt,
    });
  });

  it('is a new attempt where the last one failed, and leaves the step held when it fails too', () => {
    const saga = atFirstStage().reply(reserveStock, reserved).holds('payment').fail(authorizePayment, 'away');
    saga.expectCommands();
    const { commands } = saga.state;
    saga.probe('payment').fail(authorizePayment, 'away').expectHeld('payment');
    saga.probe('payment').fail(authorizePayment, 'away').expectHeld('payment').expectStatus('RUNNING');
    expect(saga.state.commands).toBe(commands + 2);
    saga.releases('payment');
    expect(saga.awaited(authorizePayment)).toMatchObject({ attempt: 1 });
  });

  it('is never marked as the last attempt, after which a command is dead-lettered', () => {
    const saga = atRetriable().holds('order').fail(confirmOrder, 'away');
    for (let probes = 0; probes < 10; probes += 1) {
      saga.probe('confirm');
      expect(saga.awaited(confirmOrder).last).toBeUndefined();
      saga.fail(confirmOrder, 'away');
    }
  });

  it('begins a step that was never sent', () => {
    const saga = atFirstStage().holds(capturePayment).reply(reserveStock, reserved).reply(authorizePayment, authorized);
    saga.probe('capture').reply(capturePayment).expectStep('capture', 'DONE').reply(confirmOrder);
  });

  it('lets the saga continue when it is answered', () => {
    const saga = atHold().probe('payment').reply(authorizePayment, authorized);
    saga.expectStep('payment', 'DONE').expectHeld('capture');
  });

  it('is ignored for a step that is not held', () => {
    expect(atHold().deliver({ kind: 'probed', step: 'stock' }).ignored).toBe('nothing-held');
    expect(atFirstStage().deliver({ kind: 'probed', step: 'payment' }).ignored).toBe('nothing-held');
  });
});

describe('a held saga', () => {
  it('notices the end of the hold itself when no release reaches it', () => {
    const saga = atHold();
    // As when the orchestrator dies before it has released this saga.
    const { wakeAt } = saga.state;
    expect(wakeAt).toBeDefined();
    saga.passTime('6m').expectHeld('payment');
    saga.endsUnheard('payment').passTime('240s').expectCommands(authorizePayment);
  });

  it('keeps waiting for another hold when one ends', () => {
    const saga = atHold().holds('inventory');
    expect(saga.endsUnheard('inventory').deliver({ kind: 'released' }).ignored).toBe('nothing-held');
  });

  it('sends a held command at once when an operator retries it', () => {
    const saga = atHold().retry().expectCommands(authorizePayment);
    expect(saga.state.steps['payment']?.held).toBeUndefined();
  });

  it('stays held since the same time when it is resumed', () => {
    const saga = atHold();
    const since = saga.state.steps['payment']?.held?.since;
    saga.pause().passTime('1m').resume().expectHeld('payment').expectCommands();
    expect(saga.state.steps['payment']?.held?.since).toBe(since);
  });

  it('equals the fold of its history', () => {
    const saga = atHold().probe('payment').passTime('895s').reply(releaseStock).releases('payment');
    saga.expectCommands(authorizePayment, voidPayment).reply(voidPayment);
    saga.compensate(rejectOrder).expectStatus('COMPENSATED');
    expect(fold(placeOrder, saga.history)).toEqual(saga.state);
  });
});
