import type { HttpException } from '@nestjs/common';
import { DefinitionRegistry } from '../definition';
import { transition } from '../engine';
import { atCompensation, atFirstStage, atPivot, atRetriable } from '../testing/sample-progress';
import { capturePayment, commitStock, confirmOrder, placeOrder } from '../testing/sample-saga';
import type { SagaTest } from '../testing/saga-test';
import type { ACTIONS } from './available-actions';
import { notTaken } from './not-taken';

type Action = (typeof ACTIONS)[number];

const registry = new DefinitionRegistry([placeOrder]);
const none = new DefinitionRegistry([]);

function refusal({ state, now }: SagaTest, kind: Action): HttpException {
  const { ignored } = transition(placeOrder, state, { kind, by: 'ada', reason: 'a test' }, now);
  if (ignored === undefined) throw new Error(`The engine takes ${kind}.`);
  return notTaken({ kind: 'ignored', because: ignored, state }, state.id, registry);
}

describe('an action that the engine ignores is answered with why, and what helps', () => {
  const completed = (): SagaTest => atRetriable().reply(confirmOrder).reply(commitStock);
  const unanswered = (): SagaTest => atPivot().silence(capturePayment);

  it.each<[Action, string, () => SagaTest, string, RegExp]>([
    ['cancel', 'under way at its pivot', atPivot, 'past-the-pivot', /pivot step capture is INVOKED.*new saga/],
    ['cancel', 'behind its pivot', atRetriable, 'past-the-pivot', /pivot step capture is DONE.*such as a refund/],
    ['cancel', 'turning back', atCompensation, 'already-turning-back', /refusal: card-declined.*retry/],
    ['pause', 'paused', () => atFirstStage().pause('to look'), 'already-paused', /operator: the test: to look.*Resume/],
    ['retry', 'paused by the engine', unanswered, 'already-paused', /pivot-unanswered: .*Resume/],
    ['resume', 'running', atFirstStage, 'not-paused', /RUNNING, not PAUSED.*retry/],
    ['retry', 'completed', completed, 'saga-ended', /COMPLETED, and an end is final.*new saga/],
  ])('%s of a saga that is %s', (kind, _where, saga, reason, detail) => {
    const answer = refusal(saga(), kind);
    expect(answer.getStatus()).toBe(409);
    expect(answer.getResponse()).toMatchObject({
      type: `urn:palinode:problem:${reason}`,
      message: expect.stringMatching(detail),
    });
  });

  it('also when the definition is not known any more', () => {
    const { state } = atPivot();
    const answer = notTaken({ kind: 'ignored', because: 'past-the-pivot', state }, state.id, none);
    expect(answer.message).toMatch(/^The pivot has begun/);
  });
});

it('an action on a saga that cannot go on is answered with what it wants', () => {
  const detail = 'No definition of ship-order v1 is registered; register it again, and the saga goes on.';
  const answer = notTaken({ kind: 'halted', because: 'definition-missing', detail }, 'an id', none);
  expect(answer.getStatus()).toBe(409);
  expect(answer.message).toContain(detail);
});

it('an action on a saga that moved on is answered with its ETag', () => {
  const answer = notTaken({ kind: 'stale', revision: 5 }, 'an id', none);
  expect(answer.getStatus()).toBe(412);
  expect(answer.message).toContain('its ETag is "5" by now');
});
