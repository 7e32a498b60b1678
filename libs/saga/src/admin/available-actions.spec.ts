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
  ['past its pivot', atRetriable, ['pause', 'retry']],
  ['that is compensating', atCompensation, ['pause', 'retry']],
  ['that is cancelled', () => atFirstStage().cancel(), ['pause', 'retry']],
  ['that is paused', () => atFirstStage().pause(), ['resume', 'cancel']],
  ['that is paused past its pivot', () => atRetriable().pause(), ['resume']],
  ['that is COMPLETED', () => atRetriable().reply(confirmOrder).reply(commitStock), []],
  ['that is COMPENSATED', () => atCompensation().reply(releaseStock).reply(rejectOrder), []],
  ['whose command has failed', () => atFirstStage().fail(authorizePayment, 'no'), ['pause', 'retry', 'cancel']],
];

const registry = new DefinitionRegistry([placeOrder]);

describe('the actions available on a saga', () => {
  it.each(sagas)('lists the actions for a saga %s', (_what, saga, actions) => {
    const { state, now } = saga();
    expect(new AvailableActions(registry, state, now).ofSaga()).toEqual(actions);
  });

  it.each(sagas)('lists, for a saga %s, exactly the actions that the engine accepts', (_what, saga) => {
    const { state, now } = saga();
    const taken = SAGA_ACTIONS.filter(
      (kind) => transition(placeOrder, state, { kind, by: 'ada', reason: 'a test' }, now).ignored === undefined,
    );
    expect(new AvailableActions(registry, state, now).ofSaga()).toEqual(taken);
  });

  it('lists only pause while the definition is missing', () => {
    const { state, now } = atFirstStage();
    expect(new AvailableActions(new DefinitionRegistry([]), state, now).ofSaga()).toEqual(['pause']);
  });

  it('lists nothing for a saga that the engine cannot process', () => {
    const [, ...stages] = placeOrder.stages;
    const broken = new DefinitionRegistry([{ ...placeOrder, stages: [...stages, ...stages] }]);
    const { state, now } = atRetriable().pause();
    const unsound = { ...state, steps: {} };
    expect(new AvailableActions(broken, unsound, now).ofSaga()).toEqual([]);
  });
});

describe('the actions available on a step', () => {
  it.each<[string, () => SagaTest, string, readonly string[]]>([
    ['that waits for an answer with a reply', atFirstStage, 'stock', ['resolve']],
    ['that waits for an answer without one', atPivot, 'capture', ['resolve']],
    ['that is retriable', atRetriable, 'confirm', ['resolve']],
    ['that is being compensated', atCompensation, 'stock', ['resolve', 'skip']],
    ['that is done', atPivot, 'stock', []],
    ['that has not begun', atFirstStage, 'capture', []],
    ['that does not exist', atFirstStage, 'moon', []],
  ])('lists the actions for a step %s', (_what, saga, step, actions) => {
    const { state, now } = saga();
    expect(new AvailableActions(registry, state, now).ofStep(step)).toEqual(actions);
  });
});
