/* How a saga behaves when the clock of the database, which determines all times, jumps. */
import type { SagaDefinition } from '../definition';
import { anOrder, placeOrder, reserveStock, reserved } from '../../test/sample-saga';
import type { SagaEvent } from './event';
import type { SagaState } from './state';
import { transition } from './transition';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 1);
const TIMEOUT = 5_000;
const started: SagaEvent = {
  kind: 'started',
  sagaId: '019b76da-a800-7000-8000-00005a6a7e57',
  definition: 'place-order',
  version: 1,
  input: anOrder(),
};
const timePassed: SagaEvent = { kind: 'time-passed' };
const withoutDeadline: SagaDefinition = { ...placeOrder, deadlineMs: undefined };

const begin = (definition = withoutDeadline): SagaState => transition(definition, undefined, started, NOW).state;

describe('a clock that jumps an hour ahead', () => {
  it('resends each unanswered command once, under its id', () => {
    const before = begin();
    const { state, sends } = transition(withoutDeadline, before, timePassed, NOW + HOUR);
    expect(sends.map(({ commandId, again }) => [commandId, again])).toEqual(
      ['stock', 'payment'].map((step) => [before.steps[step]?.exchange?.commandId, true]),
    );
    expect(transition(withoutDeadline, state, timePassed, NOW + HOUR).ignored).toBe('nothing-due');
    expect(state.wakeAt).toBe(NOW + HOUR + TIMEOUT);
  });

  it('compensates a saga whose deadline lies within that hour', () => {
    const { state } = transition(placeOrder, begin(placeOrder), timePassed, NOW + HOUR);
    expect(state.cause?.kind).toBe('deadline');
  });
});

describe('a clock that jumps an hour back', () => {
  it('wakes no saga before its time', () => {
    expect(transition(withoutDeadline, begin(), timePassed, NOW - HOUR).ignored).toBe('nothing-due');
  });

  it('lets an answer advance the saga, which sets its wake-up by the new time', () => {
    const before = begin();
    const answer: SagaEvent = {
      kind: 'failed',
      commandId: before.steps['stock']?.exchange?.commandId ?? '',
      step: 'stock',
      direction: 'action',
      from: reserveStock.service,
      objection: { reason: 'deadlock' },
    };
    const { state } = transition(withoutDeadline, before, answer, NOW - HOUR);
    expect(state.wakeAt).toBeLessThan(NOW - HOUR + TIMEOUT);
  });

  it('creates no command id twice', () => {
    const before = begin();
    const answer = (step: string, from: string, reply: object): SagaEvent => ({
      kind: 'replied',
      commandId: before.steps[step]?.exchange?.commandId ?? '',
      step,
      direction: 'action',
      from,
      reply,
    });
    const stocked = transition(withoutDeadline, before, answer('stock', 'inventory', reserved), NOW - HOUR).state;
    const { sends } = transition(
      withoutDeadline,
      stocked,
      answer('payment', 'payment', { authorizationId: 'a' }),
      NOW - HOUR,
    );
    const given = ['stock', 'payment'].map((step) => before.steps[step]?.exchange?.commandId);
    expect(sends).toHaveLength(1);
    expect(given).not.toContain(sends[0]?.commandId);
  });
});
