import type { CommandContract } from '../contract';
import type { SagaTest } from '../testing/saga-test';
import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
import {
  authorized,
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  rejectOrder,
  releaseStock,
  reserved,
  reserveStock,
} from '../../test/sample-saga';
import type { AnswerEvent } from './event';

const objection = { reason: 'odd' };

/** An answer that the contract of the command does not allow. */
function answerOddly(saga: SagaTest, contract: CommandContract, kind: 'refused' | 'broken'): SagaTest {
  const { commandId, step, direction, command } = saga.awaited(contract);
  const answer: AnswerEvent = { kind, commandId, step, direction, from: command.service, objection };
  saga.deliver(answer);
  return saga;
}

function failTimes(saga: SagaTest, contract: CommandContract, times: number): SagaTest {
  saga.fail(contract, 'deadlock');
  for (let failed = 1; failed < times; failed++) saga.passTime('4s').fail(contract, 'deadlock');
  return saga;
}

describe('a compensatable', () => {
  it('is done when it succeeds', () => {
    atFirstStage().reply(reserveStock, reserved).expectStep('stock', 'DONE');
  });

  it('keeps its reply', () => {
    expect(atFirstStage().reply(reserveStock, reserved).state.steps['stock']?.reply).toEqual(reserved);
  });

  it('turns the saga back when it is refused', () => {
    const saga = atFirstStage().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
    saga.expectStep('payment', 'REFUSED').expectStatus('COMPENSATING');
  });

  it('is attempted again after a failure', () => {
    const saga = atFirstStage().fail(reserveStock, 'deadlock');
    expect(saga.passTime('1s').awaited(reserveStock)).toMatchObject({ attempt: 2, again: false });
  });

  it('waits for its backoff before the next attempt', () => {
    atFirstStage().reply(authorizePayment, authorized).fail(reserveStock, 'x').passTime('499ms').expectCommands();
  });

  it('says of its last attempt that it is the last', () => {
    const second = failTimes(atFirstStage(), reserveStock, 1).passTime('1s');
    expect(second.awaited(reserveStock).last).toBeUndefined();
    expect(failTimes(second, reserveStock, 1).passTime('2s').awaited(reserveStock)).toMatchObject({ last: true });
  });

  it('turns the saga back when its attempts are used up', () => {
    const saga = failTimes(atFirstStage(), reserveStock, 3);
    saga.reply(authorizePayment, authorized).expectStep('stock', 'FAILED').expectStatus('COMPENSATING');
  });

  it('is sent again when no answer comes', () => {
    const saga = atFirstStage().passTime('5s');
    expect(saga.awaited(reserveStock).commandId).toBe(saga.history[1]?.sent[0]?.commandId);
  });

  it('is taken back when no answer ever comes (rule 4)', () => {
    const saga = atFirstStage().reply(authorizePayment, authorized).silence(reserveStock);
    expect(saga.awaited(releaseStock).payload).toEqual({ orderId: 'o-1', seen: undefined });
  });

  it('is sent as often as its attempts say, when no answer comes', () => {
    const saga = atFirstStage().reply(authorizePayment, authorized).silence(reserveStock);
    const sent = saga.history.flatMap((entry) => entry.sent).filter(({ step }) => step === 'stock');
    expect(sent.filter(({ direction }) => direction === 'action')).toHaveLength(3);
  });

  it('is taken back when its answer breaks the contract, since the effect may be there (rule 4)', () => {
    const saga = answerOddly(atFirstStage().reply(authorizePayment, authorized), reserveStock, 'broken');
    saga.expectStep('stock', 'UNDOING');
  });
});

describe('the pivot', () => {
  it('lets the saga go forward when it succeeds', () => {
    atPivot().reply(capturePayment).expectStep('capture', 'DONE').expectCommands(confirmOrder);
  });

  it('turns the saga back when it is refused', () => {
    atPivot().refuse(capturePayment, 'expired').expectStep('capture', 'REFUSED').expectStatus('COMPENSATING');
  });

  it('is attempted again after a failure', () => {
    expect(atPivot().fail(capturePayment, 'x').passTime('1s').awaited(capturePayment).attempt).toBe(2);
  });

  it('turns the saga back when its attempts are used up, since a failure proves that nothing happened', () => {
    failTimes(atPivot(), capturePayment, 3).expectStep('capture', 'FAILED').expectStatus('COMPENSATING');
  });

  it('is sent again when no answer comes', () => {
    const saga = atPivot().passTime('5s');
    expect(saga.history.at(-1)?.sent).toMatchObject([{ command: capturePayment.name, again: true }]);
  });

  it('is never guessed: without any answer the saga pauses', () => {
    const saga = atPivot().silence(capturePayment).expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'pivot-unanswered', step: 'capture', during: 'RUNNING' });
  });

  it('pauses the saga when its answer breaks the contract', () => {
    expect(answerOddly(atPivot(), capturePayment, 'broken').state.pause?.reason).toBe('broken-contract');
  });

  it('is asked again under the same id by resume after an answer that broke the contract', () => {
    const saga = answerOddly(atPivot(), capturePayment, 'broken');
    const { commandId } = saga.awaited(capturePayment);
    expect(saga.resume().history.at(-1)?.sent).toMatchObject([{ commandId, again: true }]);
  });
});

describe.each([
  { kind: 'a retriable', begin: atRetriable, contract: confirmOrder, step: 'confirm', next: commitStock },
  { kind: 'a compensation', begin: atCompensation, contract: releaseStock, step: 'stock', next: rejectOrder },
])('$kind', ({ begin, contract, step, next }) => {
  it('lets the saga go on when it succeeds', () => {
    begin().reply(contract).expectCommands(next);
  });

  it('pauses the saga when it is refused, which no contract declares', () => {
    expect(answerOddly(begin(), contract, 'refused').state.pause).toMatchObject({ reason: 'broken-contract', step });
  });

  it('is attempted anew when resumed after a refusal, since the participant has stored its no', () => {
    const saga = begin();
    const refused = saga.awaited(contract).commandId;
    const again = answerOddly(saga, contract, 'refused').resume().awaited(contract);
    expect([again.commandId === refused, again.attempt]).toEqual([false, 2]);
  });

  it('is attempted again after each failure, however many', () => {
    const saga = failTimes(begin(), contract, 4).resume();
    expect(failTimes(saga, contract, 3).passTime('4s').awaited(contract).attempt).toBe(8);
  });

  it('pauses the saga after so many failures that a person should look', () => {
    const { pause } = failTimes(begin(), contract, 4).state;
    expect(pause).toMatchObject({ reason: 'needs-attention', step, detail: `${contract.name} failed 4 times.` });
  });

  it('says of the attempt after which a person should look that it is the last', () => {
    const third = failTimes(begin(), contract, 2).passTime('4s');
    expect(third.awaited(contract).last).toBeUndefined();
    const fourth = failTimes(third, contract, 1).passTime('4s');
    expect(fourth.awaited(contract).last).toBe(true);
    expect(failTimes(fourth, contract, 1).resume().awaited(contract).last).toBeUndefined();
  });

  it('is attempted anew by resume after so many failures', () => {
    expect(failTimes(begin(), contract, 4).resume().awaited(contract)).toMatchObject({ attempt: 5, again: false });
  });

  it('is sent again for as long as no answer comes', () => {
    const saga = begin().passTime('14s');
    expect(saga.history.at(-1)?.sent).toMatchObject([{ command: contract.name, again: true }]);
  });

  it('pauses the saga after so many sends without an answer', () => {
    const saga = begin().silence(contract);
    const sent = saga.history.flatMap((entry) => entry.sent).filter(({ command }) => command === contract.name);
    expect([saga.state.pause?.reason, sent.length]).toEqual(['needs-attention', 4]);
  });

  it('is sent again under the same id by resume after silence', () => {
    const saga = begin().silence(contract);
    const { commandId } = saga.awaited(contract);
    expect(saga.resume().history.at(-1)?.sent).toMatchObject([{ commandId, again: true }]);
  });

  it('pauses the saga when its answer breaks the contract', () => {
    expect(answerOddly(begin(), contract, 'broken').state.pause?.reason).toBe('broken-contract');
  });
});
