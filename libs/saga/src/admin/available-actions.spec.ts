import { DefinitionRegistry } from '../definition';
import { transition } from '../engine';
import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
import {
  authorizePayment,
  commitStock,
  confirmOrder,
  placeOrder,
  rejectOrder,
  releaseStock,
} from '../../test/sample-saga';
import type { SagaTest } from '../testing/saga-test';
import { AvailableActions, SAGA_ACTIONS } from './available-actions';

const sagas: readonly (readonly [what: string, saga: () => SagaTest, actions: readonly string[]])[] = [
  ['that runs', atFirstStage, ['pause', 'retry', 'cancel']],
  ['whose pivot has begun', atPivot, ['pause', 'retry']],
  ['behind its pivot', atRetriable, ['pause', 'retry']],
  ['that is taken back', atCompensation, ['pause', 'retry']],
  ['that is cancelled', () => atFirstStage().cancel(), ['pause', 'retry']],
  ['that is paused', () => atFirstStage().pause(), ['resume', 'cancel']],
  ['that is paused behind its pivot', () => atRetriable().pause(), ['resume']],
  ['that is COMPLETED', () => atRetriable().reply(confirmOrder).reply(commitStock), []],
  ['that is COMPENSATED', () => atCompensation().reply(releaseStock).reply(rejectOrder), []],
  ['whose command has failed', () => atFirstStage().fail(authorizePayment, 'no'), ['pause', 'retry', 'cancel']],
];

const registry = new DefinitionRegistry([placeOrder]);

describe('what an operator can do to a saga', () => {
  it.each(sagas)('%s', (_what, saga, actions) => {
    const { state, now } = saga();
    expect(new AvailableActions(registry, state, now).ofSaga()).toEqual(actions);
  });

  it.each(sagas)('%s, is what the engine does not ignore', (_what, saga) => {
    const { state, now } = saga();
    const taken = SAGA_ACTIONS.filter(
      (kind) => transition(placeOrder, state, { kind, by: 'ada', reason: 'a test' }, now).ignored === undefined,
    );
    expect(new AvailableActions(registry, state, now).ofSaga()).toEqual(taken);
  });

  it('is to pause it, while its definition is missing', () => {
    const { state, now } = atFirstStage();
    expect(new AvailableActions(new DefinitionRegistry([]), state, now).ofSaga()).toEqual(['pause']);
  });

  it('is nothing that the engine breaks on', () => {
    const [, ...stages] = placeOrder.stages;
    const broken = new DefinitionRegistry([{ ...placeOrder, stages: [...stages, ...stages] }]);
    const { state, now } = atRetriable().pause();
    const unsound = { ...state, steps: {} };
    expect(new AvailableActions(broken, unsound, now).ofSaga()).toEqual([]);
  });
});

describe('what an operator can do to a step', () => {
  it.each<[string, () => SagaTest, string, readonly string[]]>([
    ['that waits for an answer with a reply', atFirstStage, 'stock', ['resolve']],
    ['that waits for an answer without one', atPivot, 'capture', ['resolve']],
    ['that must succeed', atRetriable, 'confirm', ['resolve']],
    ['whose compensation is under way', atCompensation, 'stock', ['resolve', 'skip']],
    ['that is done', atPivot, 'stock', []],
    ['that has not begun', atFirstStage, 'capture', []],
    ['that there is not', atFirstStage, 'moon', []],
  ])('%s', (_what, saga, step, actions) => {
    const { state, now } = saga();
    expect(new AvailableActions(registry, state, now).ofStep(step)).toEqual(actions);
  });
});
