import * as fc from 'fast-check';
import { randomDefinitions } from '../../test/random-definition';
import { randomMoves, RandomWalk } from '../../test/random-walk';
import { atCompensation } from '../../test/sample-progress';
import { placeOrder } from '../../test/sample-saga';
import { statesAfter } from './history-states';

it('says after which entry a step was done, and for what the saga began to compensate', () => {
  const { history, state } = atCompensation();
  expect(statesAfter(placeOrder, history, state)).toEqual([
    {
      status: 'RUNNING',
      steps: [
        { name: 'order', status: 'DONE' },
        { name: 'stock', status: 'INVOKED', attempt: 1, waitsFor: 'reply', wakeAt: '2026-01-01T00:00:05.000Z' },
        { name: 'payment', status: 'INVOKED', attempt: 1, waitsFor: 'reply', wakeAt: '2026-01-01T00:00:05.000Z' },
        ...['capture', 'confirm', 'commit'].map((name) => ({ name, status: 'PENDING' })),
      ],
    },
    { status: 'RUNNING', steps: [{ name: 'stock', status: 'DONE' }] },
    {
      status: 'COMPENSATING',
      cause: 'refusal',
      steps: [
        { name: 'stock', status: 'COMPENSATING', attempt: 1, waitsFor: 'reply', wakeAt: '2026-01-01T00:00:05.000Z' },
        { name: 'payment', status: 'REFUSED' },
        ...['capture', 'confirm', 'commit'].map((name) => ({ name, status: 'SKIPPED' })),
      ],
    },
  ]);
});

it('leads to the state of any saga, one change after the other', () => {
  fc.assert(
    fc.property(randomDefinitions, randomMoves, (definition, moves) => {
      const walk = new RandomWalk(definition);
      for (const move of moves) walk.go(move);
      const states = statesAfter(definition, walk.history, walk.state) ?? [];
      expect(states.map(({ status }) => status)).toEqual(walk.scenes.map(({ turn }) => turn.state.status));
      const statuses = Object.fromEntries(
        states.flatMap(({ steps }) => steps.map(({ name, status }) => [name, status])),
      );
      const stored = Object.entries(walk.state.steps).map(([name, { status }]) => [name, status]);
      expect(statuses).toEqual(Object.fromEntries(stored));
    }),
  );
});

it('says nothing when the definition leads to another state, or to none', () => {
  const { history, state } = atCompensation();
  const without = { ...placeOrder, stages: placeOrder.stages.slice(0, 1) };
  expect(statesAfter(without, history, state)).toBeUndefined();
  expect(statesAfter(placeOrder, history.slice(1), state)).toBeUndefined();
});
