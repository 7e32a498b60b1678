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
  voidPayment,
} from '../../test/sample-saga';
import type { AnswerEvent } from './event';

const objection = { reason: 'odd' };

/** A reply that violates the command's contract. */
function answerOddly(saga: SagaTest, contract: CommandContract, kind: 'refused' | 'broken' | 'unknown'): SagaTest {
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

/** Fails attempts after a third party that they called has acted. */
function failUnfinished(saga: SagaTest, contract: CommandContract, times: number): SagaTest {
  for (let failed = 0; failed < times; failed++) {
    if (failed > 0) saga.passTime('4s');
    const { commandId, step, direction, command } = saga.awaited(contract);
    const why = { reason: 'Error', detail: 'out of order', unfinished: true };
    saga.deliver({ kind: 'failed', commandId, step, direction, from: command.service, objection: why });
  }
  return saga;
}

/** A saga whose capture failed; the release of the stock and the void of the payment are in flight. */
function undoingBoth(): SagaTest {
  const saga = atPivot();
  return failTimes(saga, capturePayment, 3).expectStep('stock', 'COMPENSATING').expectStep('payment', 'COMPENSATING');
}

describe('a compensatable step', () => {
  it('is compensated when its attempts are used up after a third party has acted, because it may have taken effect', () => {
    const saga = atFirstStage().reply(reserveStock, reserved);
    failUnfinished(saga, authorizePayment, 3).expectStep('payment', 'COMPENSATING').expectStatus('COMPENSATING');
    expect(saga.state.cause).toEqual({ kind: 'failure', step: 'payment', reason: 'Error', detail: 'out of order' });
  });

  it('is done when it succeeds', () => {
    atFirstStage().reply(reserveStock, reserved).expectStep('stock', 'DONE');
  });

  it('keeps its reply', () => {
    expect(atFirstStage().reply(reserveStock, reserved).state.steps['stock']?.reply).toEqual(reserved);
  });

  it('starts the compensation of the saga when it is refused', () => {
    const saga = atFirstStage().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
    saga.expectStep('payment', 'REFUSED').expectStatus('COMPENSATING');
  });

  it('is retried after a failure', () => {
    const saga = atFirstStage().fail(reserveStock, 'deadlock');
    expect(saga.passTime('1s').awaited(reserveStock)).toMatchObject({ attempt: 2, again: false });
  });

  it('waits for its backoff before the next attempt', () => {
    atFirstStage().reply(authorizePayment, authorized).fail(reserveStock, 'x').passTime('499ms').expectCommands();
  });

  it('marks its last attempt as the last', () => {
    const second = failTimes(atFirstStage(), reserveStock, 1).passTime('1s');
    expect(second.awaited(reserveStock).last).toBeUndefined();
    expect(failTimes(second, reserveStock, 1).passTime('2s').awaited(reserveStock)).toMatchObject({ last: true });
  });

  it('starts the compensation of the saga when its attempts are used up', () => {
    const saga = failTimes(atFirstStage(), reserveStock, 3);
    saga.reply(authorizePayment, authorized).expectStep('stock', 'FAILED').expectStatus('COMPENSATING');
  });

  it('is resent when no answer comes', () => {
    const saga = atFirstStage().passTime('5s');
    expect(saga.awaited(reserveStock).commandId).toBe(saga.history[1]?.sent[0]?.commandId);
  });

  it('is compensated when it is never answered (rule 4)', () => {
    const saga = atFirstStage().reply(authorizePayment, authorized).silence(reserveStock);
    expect(saga.awaited(releaseStock).payload).toEqual({ orderId: 'o-1', seen: undefined });
  });

  it('is sent as often as its attempts allow when no answer comes', () => {
    const saga = atFirstStage().reply(authorizePayment, authorized).silence(reserveStock);
    const sent = saga.history.flatMap((entry) => entry.sent).filter(({ step }) => step === 'stock');
    expect(sent.filter(({ direction }) => direction === 'action')).toHaveLength(3);
  });

  it('is compensated when its answer violates the contract, because it may have taken effect (rule 4)', () => {
    const saga = answerOddly(atFirstStage().reply(authorizePayment, authorized), reserveStock, 'broken');
    saga.expectStep('stock', 'COMPENSATING');
  });
});

describe('an unknown outcome', () => {
  it('compensates a compensatable step, with the reason as the cause (rule 4)', () => {
    const saga = answerOddly(atFirstStage().reply(authorizePayment, authorized), reserveStock, 'unknown');
    saga.expectStep('stock', 'COMPENSATING');
    expect(saga.state.cause).toEqual({ kind: 'no-answer', step: 'stock', reason: 'no-answer', detail: 'odd' });
  });

  it('pauses the saga at its pivot, for an operator to resolve', () => {
    const saga = answerOddly(atPivot(), capturePayment, 'unknown').expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'outcome-unknown', step: 'capture' });
    saga.resolve('capture', 'failure').expectStep('capture', 'FAILED').expectStatus('COMPENSATING');
  });

  it.each([
    ['a retriable step', atRetriable, confirmOrder],
    ['a compensation', atCompensation, releaseStock],
  ])('pauses the saga at %s, and is attempted under a new id when it is resumed', (_what, begin, contract) => {
    const saga = begin();
    const { commandId } = saga.awaited(contract);
    answerOddly(saga, contract, 'unknown').expectStatus('PAUSED');
    expect(saga.state.pause?.reason).toBe('outcome-unknown');
    const attempt = saga.resume().awaited(contract);
    expect(attempt).toMatchObject({ attempt: 2, again: false });
    expect(attempt.commandId).not.toBe(commandId);
  });

  it('keeps the saga paused when the missing answer of an earlier pause arrives', () => {
    const saga = undoingBoth().silence(releaseStock);
    expect(saga.state.pause).toMatchObject({ reason: 'needs-attention', step: 'stock' });
    answerOddly(saga, voidPayment, 'unknown')
      .reply(releaseStock)
      .expectStep('stock', 'COMPENSATED')
      .expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'outcome-unknown', step: 'payment' });
    expect(saga.resume().awaited(voidPayment)).toMatchObject({ attempt: 2, again: false });
  });

  it('keeps the saga paused when an operator resolves another step with an unknown outcome', () => {
    const saga = answerOddly(answerOddly(undoingBoth(), releaseStock, 'unknown'), voidPayment, 'unknown');
    saga.resolve('stock', 'success').expectStep('stock', 'COMPENSATED').expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'outcome-unknown', step: 'payment' });
    saga.resolve('payment', 'success').expectStep('payment', 'COMPENSATED').expectStatus('COMPENSATING');
  });
});

describe('the pivot', () => {
  it('lets the saga go forward when it succeeds', () => {
    atPivot().reply(capturePayment).expectStep('capture', 'DONE').expectCommands(confirmOrder);
  });

  it('starts the compensation of the saga when it is refused', () => {
    atPivot().refuse(capturePayment, 'expired').expectStep('capture', 'REFUSED').expectStatus('COMPENSATING');
  });

  it('is retried after a failure', () => {
    expect(atPivot().fail(capturePayment, 'x').passTime('1s').awaited(capturePayment).attempt).toBe(2);
  });

  it('starts the compensation of the saga when its attempts are used up, because a failure proves that nothing happened', () => {
    failTimes(atPivot(), capturePayment, 3).expectStep('capture', 'FAILED').expectStatus('COMPENSATING');
  });

  it('pauses the saga when its attempts are used up after a third party has acted', () => {
    const saga = failUnfinished(atPivot(), capturePayment, 3).expectStep('capture', 'INVOKED').expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({
      reason: 'unfinished',
      detail: 'payment.capture failed 3 times after a third party had acted for it.',
      step: 'capture',
    });
    expect(saga.resume().awaited(capturePayment).attempt).toBe(4);
    saga.reply(capturePayment).expectStep('capture', 'DONE').expectStatus('RUNNING');
  });

  it('is resent when no answer comes', () => {
    const saga = atPivot().passTime('5s');
    expect(saga.history.at(-1)?.sent).toMatchObject([{ command: capturePayment.name, again: true }]);
  });

  it('pauses the saga when it is never answered', () => {
    const saga = atPivot().silence(capturePayment).expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'pivot-unanswered', step: 'capture', during: 'RUNNING' });
  });

  it('pauses the saga when its answer violates the contract', () => {
    expect(answerOddly(atPivot(), capturePayment, 'broken').state.pause?.reason).toBe('broken-contract');
  });

  it('is resent under the same id on resume after an answer that violated the contract', () => {
    const saga = answerOddly(atPivot(), capturePayment, 'broken');
    const { commandId } = saga.awaited(capturePayment);
    expect(saga.resume().history.at(-1)?.sent).toMatchObject([{ commandId, again: true }]);
  });
});

describe('a compensation whose participant has forgotten the action', () => {
  const forgotten = (): SagaTest => {
    const saga = atCompensation();
    const { commandId, step, direction, command } = saga.awaited(releaseStock);
    const why = { reason: 'action-forgotten', detail: 'older than the inbox remembers' };
    saga.deliver({ kind: 'failed', commandId, step, direction, from: command.service, objection: why });
    return saga;
  };

  it('pauses the saga at once with that reason, because it is not known whether the action took effect', () => {
    const saga = forgotten().expectStep('stock', 'COMPENSATING').expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'action-forgotten', step: 'stock', during: 'COMPENSATING' });
  });

  it('is attempted again on resume, and the saga ends when it succeeds', () => {
    const saga = forgotten().resume();
    expect(saga.awaited(releaseStock).attempt).toBe(2);
    saga.reply(releaseStock).expectStep('stock', 'COMPENSATED').expectStep('order', 'COMPENSATING');
  });
});

describe.each([
  { kind: 'a retriable step', begin: atRetriable, contract: confirmOrder, step: 'confirm', next: commitStock },
  { kind: 'a compensation', begin: atCompensation, contract: releaseStock, step: 'stock', next: rejectOrder },
])('$kind', ({ begin, contract, step, next }) => {
  it('lets the saga continue when it succeeds', () => {
    begin().reply(contract).expectCommands(next);
  });

  it('pauses the saga when it is refused, which no contract declares', () => {
    expect(answerOddly(begin(), contract, 'refused').state.pause).toMatchObject({ reason: 'broken-contract', step });
  });

  it('starts a new attempt on resume after a refusal, because the participant has stored the refusal', () => {
    const saga = begin();
    const refused = saga.awaited(contract).commandId;
    const again = answerOddly(saga, contract, 'refused').resume().awaited(contract);
    expect([again.commandId === refused, again.attempt]).toEqual([false, 2]);
  });

  it('is retried after any number of failures', () => {
    const saga = failTimes(begin(), contract, 4).resume();
    expect(failTimes(saga, contract, 3).passTime('4s').awaited(contract).attempt).toBe(8);
  });

  it('pauses the saga for attention after too many failures', () => {
    const { pause } = failTimes(begin(), contract, 4).state;
    expect(pause).toMatchObject({ reason: 'needs-attention', step, detail: `${contract.name} failed 4 times.` });
  });

  it('marks the attempt before the pause for attention as the last', () => {
    const third = failTimes(begin(), contract, 2).passTime('4s');
    expect(third.awaited(contract).last).toBeUndefined();
    const fourth = failTimes(third, contract, 1).passTime('4s');
    expect(fourth.awaited(contract).last).toBe(true);
    expect(failTimes(fourth, contract, 1).resume().awaited(contract).last).toBeUndefined();
  });

  it('starts a new attempt on resume after too many failures', () => {
    expect(failTimes(begin(), contract, 4).resume().awaited(contract)).toMatchObject({ attempt: 5, again: false });
  });

  it('is attempted as often as the operator grants on resume, and then pauses the saga again', () => {
    const saga = failTimes(begin(), contract, 4).resume('a test', 2);
    expect(saga.awaited(contract).last).toBeUndefined();
    const second = failTimes(saga, contract, 1).passTime('4s');
    expect(second.awaited(contract)).toMatchObject({ attempt: 6, last: true });
    expect(failTimes(second, contract, 1).state.pause).toMatchObject({ reason: 'needs-attention', step });
  });

  it('is attempted as its definition says again when the saga is resumed without a number', () => {
    const saga = failTimes(begin(), contract, 4).resume('a test', 1);
    const third = failTimes(failTimes(saga, contract, 1).resume(), contract, 2).passTime('4s');
    expect(third.expectStatus(saga.state.status).awaited(contract)).toMatchObject({ attempt: 8, last: true });
  });

  it('is sent as often as the operator grants on resume when nobody answers', () => {
    const saga = begin().silence(contract).resume('a test', 2).silence(contract);
    const sent = saga.history.flatMap((entry) => entry.sent).filter(({ command }) => command === contract.name);
    expect([saga.state.pause?.reason, sent.length]).toEqual(['needs-attention', 6]);
  });

  it('is resent as long as no answer comes', () => {
    const saga = begin().passTime('14s');
    expect(saga.history.at(-1)?.sent).toMatchObject([{ command: contract.name, again: true }]);
  });

  it('pauses the saga after too many sends without an answer', () => {
    const saga = begin().silence(contract);
    const sent = saga.history.flatMap((entry) => entry.sent).filter(({ command }) => command === contract.name);
    expect([saga.state.pause?.reason, sent.length]).toEqual(['needs-attention', 4]);
  });

  it('is resent under the same id on resume when no answer came', () => {
    const saga = begin().silence(contract);
    const { commandId } = saga.awaited(contract);
    expect(saga.resume().history.at(-1)?.sent).toMatchObject([{ commandId, again: true }]);
  });

  it('pauses the saga when its answer violates the contract', () => {
    expect(answerOddly(begin(), contract, 'broken').state.pause?.reason).toBe('broken-contract');
  });
});

describe('an operator who resumes a saga at its pivot', () => {
  it('may grant several sends, after which the saga pauses again', () => {
    const saga = atPivot().silence(capturePayment).expectStatus('PAUSED').resume('a test', 3).silence(capturePayment);
    const sent = saga.history.flatMap((entry) => entry.sent).filter(({ command }) => command === capturePayment.name);
    expect([saga.state.pause?.reason, sent.length]).toEqual(['pivot-unanswered', 6]);
  });

  it('may grant one attempt, whose failure pauses the saga again and does not turn it back', () => {
    const saga = atPivot().silence(capturePayment).resume('a test', 1).fail(capturePayment, 'busy');
    expect(saga.state.pause).toMatchObject({ reason: 'needs-attention', step: 'capture' });
    saga.resume().expectStatus('RUNNING').reply(capturePayment).expectStep('capture', 'DONE');
  });

  it('limits no step that can be given up', () => {
    const saga = atFirstStage().pause().resume('a test', 1);
    expect(saga.state.steps['stock']?.exchange).not.toHaveProperty('triesLeft');
  });
});
