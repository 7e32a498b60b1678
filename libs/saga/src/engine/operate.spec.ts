import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
import { authorizePayment, capturePayment, releaseStock, reserved, reserveStock } from '../../test/sample-saga';

const by = { by: 'ann', reason: 'asked the gateway' };

describe('an operator who says what became of a command', () => {
  it('settles a pivot that was never answered, and the saga goes on', () => {
    const saga = atPivot().silence(capturePayment).expectStatus('PAUSED');
    saga.resolve('capture', 'success').expectStatus('RUNNING').expectStep('capture', 'DONE');
  });

  it('turns the saga back when the pivot did not take effect (rule 7)', () => {
    const saga = atPivot().silence(capturePayment).resolve('capture', 'failure').expectStep('capture', 'FAILED');
    saga.expectStatus('COMPENSATING');
    expect(saga.state.cause).toMatchObject({ kind: 'failure', step: 'capture', reason: 'resolved-as-failed' });
  });

  it('says what a reply would have said', () => {
    const saga = atFirstStage().resolve('stock', 'success', reserved).expectStep('stock', 'DONE');
    expect(saga.state.steps['stock']?.reply).toEqual(reserved);
  });

  it('does a retriable by hand', () => {
    atRetriable().resolve('confirm', 'success').expectStep('confirm', 'DONE').expectStep('commit', 'INVOKED');
  });

  it('leaves an operator’s own pause', () => {
    atFirstStage()
      .pause()
      .resolve('stock', 'success', reserved)
      .expectStatus('PAUSED')
      .resume()
      .expectStatus('RUNNING');
  });

  it.each([
    ['no step of this saga', { step: 'weather', outcome: 'success' }, 'unknown-step'],
    ['a step that waits for nothing', { step: 'capture', outcome: 'success' }, 'nothing-to-resolve'],
    ['a reply that breaks the contract', { step: 'stock', outcome: 'success', reply: {} }, 'invalid-reply'],
  ] as const)('is told about %s (rule 2)', (_case, part, ignored) => {
    const saga = atFirstStage();
    expect(saga.deliver({ kind: 'resolve', ...part, ...by })).toEqual({ state: saga.state, sends: [], ignored });
  });

  it('cannot give up what must succeed', () => {
    expect(atRetriable().deliver({ kind: 'resolve', step: 'confirm', outcome: 'failure', ...by }).ignored).toBe(
      'must-succeed',
    );
  });
});

describe('an operator who leaves an effect where it is', () => {
  it('ends its compensation, and the saga goes on back', () => {
    const saga = atCompensation().skip('stock').expectStep('stock', 'LEFT');
    expect(saga.state.status).not.toBe('PAUSED');
  });

  it('ends the pause that it caused', () => {
    const saga = atCompensation();
    saga.silence(releaseStock).expectStatus('PAUSED').skip('stock').expectStatus('COMPENSATING');
  });

  it('is told when nothing is being taken back', () => {
    const saga = atFirstStage();
    expect(saga.deliver({ kind: 'skip', step: 'stock', ...by }).ignored).toBe('nothing-to-skip');
    expect(saga.deliver({ kind: 'skip', step: 'weather', ...by }).ignored).toBe('nothing-to-skip');
    saga.expectCommands(reserveStock, authorizePayment);
  });
});
