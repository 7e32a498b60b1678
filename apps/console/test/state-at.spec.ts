import * as fc from 'fast-check';
import { randomDefinitions } from '../../../libs/saga/test/random-definition';
import { randomMoves, RandomWalk } from '../../../libs/saga/test/random-walk';
import { stateAt } from '../src/diagram/state-at';
import { sagaOf } from './saga-of';

it('is the state of the engine after every entry of any history', () => {
  fc.assert(
    fc.property(randomDefinitions, randomMoves, (definition, moves) => {
      const walk = new RandomWalk(definition);
      for (const move of moves) walk.go(move);
      const { history } = sagaOf(definition, walk);
      const shown = walk.scenes.map((_, n) => {
        const { status, pause, cause, steps } = stateAt(history, n + 1) ?? { steps: [] };
        return { status, pause, cause, steps: Object.fromEntries(steps.map((step) => [step.name, step.status])) };
      });
      const real = walk.scenes.map(({ turn: { state } }) => ({
        status: state.status,
        pause: state.pause?.reason,
        cause: state.cause?.kind,
        steps: Object.fromEntries(Object.entries(state.steps).map(([name, step]) => [name, step.status])),
      }));
      expect(shown).toEqual(real);
    }),
    { numRuns: 30 },
  );
});

it('is not known where the orchestrator lacks the definition', () => {
  const entry = { seq: 1, at: '2026-01-01T00:00:00Z', event: { kind: 'started' }, sent: [] };
  expect(stateAt([entry], 1)).toBeUndefined();
});
