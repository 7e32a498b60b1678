import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
import { authorizePayment, capturePayment, releaseStock, reserved, reserveStock } from '../../test/sample-saga';

const by = { by: 'ann', reason: 'asked the gateway' };

describe('an operator who resolves a command', () => {
  it('settles an unanswered pivot, and the saga continues', () => {
    const saga = atPivot().silence(capturePayment).expectStatus('PAUSED');
    saga.resolve('capture', 'success').expectStatus('RUNNING').expectStep('capture', 'DONE');
  });

  it('starts the compensation when the pivot did not take effect (rule 7)', () => {
    const saga = atPivot().silence(capturePayment).resolve('capture', 'failure').expectStep('capture', 'FAILED');
    saga.expectStatus('COMPENSATING');
    expect(saga.state.cause).toMatchObject({ kind: 'failure', step: 'capture', reason: 'resolved-as-failed' });
  });

  it('supplies the reply of the step', () => {
    const saga = atFirstStage().resolve('stock', 'success', reserved).expectStep('stock', 'DONE');
    expect(saga.state.steps['stock']?.reply).toEqual(reserved);
  });

  it('completes a retriable step by hand', () => {
    atRetriable().resolve('confirm', 'success').expectStep('confirm', 'DONE').expectStep('commit', 'INVOKED');
  });

  it('does not end a pause by an operator', () => {
    atFirstStage()
      .pause()
      .resolve('stock', 'success', reserved)
      .expectStatus('PAUSED')
      .resume()
      .expectStatus('RUNNING');
  });

  it.each([
    ['an unknown step', { step: 'weather', outcome: 'success' }, 'unknown-step'],
    ['a step that waits for nothing', { step: 'capture', outcome: 'success' }, 'nothing-to-resolve'],
    ['a reply that violates the contract', { step: 'stock', outcome: 'success', reply: {} }, 'invalid-reply'],
  ] as const)('receives the reason why %s is ignored (rule 2)', (_case, part, ignored) => {
    const saga = atFirstStage();
    expect(saga.deliver({ kind: 'resolve', ...part, ...by })).toEqual({ state: saga.state, sends: [], ignored });
  });

  it('cannot fail a retriable step', () => {
    expect(atRetriable().deliver({ kind: 'resolve', step: 'confirm', outcome: 'failure', ...by }).ignored).toBe(
      'must-succeed',
    );
  });
});

describe('an operator who skips a compensation', () => {
  it('ends the compensation of the step, and the saga continues to compensate', () => {
    const saga = atCompensation().skip('stock').expectStep('stock', 'COMPENSATION_SKIPPED');
    expect(saga.state.status).not.toBe('PAUSED');
  });

  it('ends the pause that the compensation caused', () => {
    const saga = atCompensation();
    saga.silence(releaseStock).expectStatus('PAUSED').skip('stock').expectStatus('COMPENSATING');
  });

  it('receives the reason when the step is not being compensated', () => {
    const saga = atFirstStage();
    expect(saga.deliver({ kind: 'skip', step: 'stock', ...by }).ignored).toBe('nothing-to-skip');
    expect(saga.deliver({ kind: 'skip', step: 'weather', ...by }).ignored).toBe('nothing-to-skip');
    saga.expectCommands(reserveStock, authorizePayment);
  });
});
