import type { HttpException } from '@nestjs/common';
import { DefinitionRegistry } from '../definition';
import { transition } from '../engine';
import type { InterventionEvent } from '../runner/preview-event';
import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
import { capturePayment, commitStock, confirmOrder, placeOrder } from '../../test/sample-saga';
import { aTrip, bookHotel, bookTrip, consent } from '../../test/sample-shapes';
import { sagaTest, type SagaTest } from '../testing/saga-test';
import type { SagaAction } from './available-actions';
import { notTaken } from './not-taken';

const registry = new DefinitionRegistry([placeOrder, bookTrip, bookHotel]);
const by = { by: 'ada', reason: 'a test' };

function refusal({ state, now }: SagaTest, event: InterventionEvent): HttpException {
  const definition = state.definition === 'book-trip' ? bookTrip : placeOrder;
  const { ignored } = transition(definition, state, event, now);
  if (ignored === undefined) throw new Error(`The engine accepts ${event.kind}.`);
  return notTaken({ kind: 'ignored', because: ignored, state }, { sagaId: state.id, event }, registry);
}

const intervention = { sagaId: 'an id', event: { kind: 'cancel' as const, ...by } };
const none = new DefinitionRegistry([]);

describe('the answer to an ignored action', () => {
  const completed = (): SagaTest => atRetriable().reply(confirmOrder).reply(commitStock);
  const unanswered = (): SagaTest => atPivot().silence(capturePayment);

  it.each<[SagaAction, string, () => SagaTest, string, RegExp]>([
    ['cancel', 'at its pivot', atPivot, 'past-the-pivot', /pivot step capture is INVOKED.*new saga/],
    ['cancel', 'past its pivot', atRetriable, 'past-the-pivot', /pivot step capture is DONE.*such as a refund/],
    ['cancel', 'compensating', atCompensation, 'already-turning-back', /refusal: card-declined.*retry/],
    ['pause', 'paused', () => atFirstStage().pause('to look'), 'already-paused', /operator: the test: to look.*Resume/],
    ['retry', 'paused by the engine', unanswered, 'already-paused', /pivot-unanswered: .*Resume/],
    ['resume', 'running', atFirstStage, 'not-paused', /RUNNING, not PAUSED.*retry/],
    ['retry', 'completed', completed, 'saga-ended', /COMPLETED, which is final.*new saga/],
  ])('explains the refusal to %s a saga that is %s', (kind, _where, saga, reason, detail) => {
    const answer = refusal(saga(), { kind, ...by });
    expect(answer.getStatus()).toBe(409);
    expect(answer.getResponse()).toMatchObject({
      type: `urn:palinode:problem:${reason}`,
      message: expect.stringMatching(detail),
    });
  });

  const waiting = (): SagaTest => sagaTest(bookTrip).start(aTrip());
  const given = { kind: 'signalled', signal: consent.name, payload: { given: true } } as const;
  const resolve = (step: string, outcome: 'success' | 'failure'): InterventionEvent => ({
    kind: 'resolve',
    step,
    outcome,
    ...by,
  });

  it.each<[string, InterventionEvent, () => SagaTest, string, RegExp]>([
    [
      'resolve a step that waits for nothing',
      resolve('capture', 'success'),
      atFirstStage,
      'nothing-to-resolve',
      /PENDING/,
    ],
    ['fail a retriable step', resolve('confirm', 'failure'), atRetriable, 'must-succeed', /by hand.*or retry/],
    [
      'skip a step that is not being compensated',
      { kind: 'skip', step: 'stock', ...by },
      atPivot,
      'nothing-to-skip',
      /stock is DONE/,
    ],
    ['signal twice', given, () => waiting().signal(consent, { given: true }), 'already-signalled', /has this signal/],
  ])('explains the refusal to %s', (_what, event, saga, reason, detail) => {
    const answer = refusal(saga(), event);
    expect(answer.getStatus()).toBe(409);
    expect(answer.getResponse()).toMatchObject({
      type: `urn:palinode:problem:${reason}`,
      message: expect.stringMatching(detail),
    });
  });

  it.each<[string, InterventionEvent, () => SagaTest, number, RegExp]>([
    [
      'an unknown step to resolve',
      resolve('moon', 'success'),
      waiting,
      422,
      /^moon is not a step of book-trip v1; there are/,
    ],
    [
      'a forEach step that is named without an index',
      resolve('seats', 'success'),
      waiting,
      422,
      /insurance, seats\[0\], …, consent, hotel/,
    ],
    [
      'an unknown step to skip',
      { kind: 'skip', step: 'moon', ...by },
      atFirstStage,
      422,
      /moon is not a step of place-order v1/,
    ],
    ['a reply that violates the contract', resolve('stock', 'success'), atFirstStage, 400, /^reply/],
    [
      'an unknown signal',
      { ...given, signal: 'moon' },
      waiting,
      404,
      /does not wait for the signal moon; it waits for traveller-consent/,
    ],
    [
      'a signal to a saga without waits',
      given,
      atFirstStage,
      404,
      /place-order v1 does not wait for the signal .*; it waits for none/,
    ],
    [
      'a payload that violates the contract',
      { ...given, payload: { given: 'yes' } },
      waiting,
      400,
      /^given must be boolean/,
    ],
    ['a missing payload', { ...given, payload: undefined }, waiting, 400, /^body must be object/],
  ])('reports %s in any state of the saga', (_what, event, saga, status, message) => {
    const answer = refusal(saga(), event);
    expect(answer.getStatus()).toBe(status);
    expect(answer.message).toMatch(message);
  });

  it('explains the refusal even when the definition is no longer registered', () => {
    const { state } = atPivot();
    const answer = notTaken({ kind: 'ignored', because: 'past-the-pivot', state }, intervention, none);
    expect(answer.message).toMatch(/^The pivot has begun/);
  });
});

it('an action on a halted saga is answered with what the saga needs', () => {
  const detail = 'No definition of ship-order v1 is registered; register it again, and the saga continues.';
  const answer = notTaken({ kind: 'halted', because: 'definition-missing', detail }, intervention, none);
  expect(answer.getStatus()).toBe(409);
  expect(answer.message).toContain(detail);
});

it('an action on a stale revision is answered with the current ETag', () => {
  const answer = notTaken({ kind: 'stale', revision: 5 }, intervention, none);
  expect(answer.getStatus()).toBe(412);
  expect(answer.message).toContain('its ETag is now "5"');
});
