import type { SagaState } from '../engine';
import { lifecycleRows } from './lifecycle';

const state = (status: SagaState['status'], during?: 'RUNNING' | 'COMPENSATING'): SagaState => ({
  id: '019b76da-a800-7000-8000-000000000001',
  definition: 'sell',
  version: 1,
  status,
  input: {},
  stage: 0,
  commands: 0,
  steps: {},
  startedAt: 0,
  ...(during ? { pause: { reason: 'operator', detail: 'a test', during, at: 0 } } : {}),
});
const running = state('RUNNING');
const compensating = state('COMPENSATING');
const completed = state('COMPLETED');
const compensated = state('COMPENSATED');
const paused = state('PAUSED', 'RUNNING');
const pausedOnTheWayBack = state('PAUSED', 'COMPENSATING');

const told = (before: SagaState | undefined, ...states: SagaState[]): string[] =>
  lifecycleRows(before, states).map(({ payload }) => (JSON.parse(payload) as { type: string }).type.slice(5, -3));

describe('what is made known of a saga', () => {
  it.each<[string, SagaState | undefined, SagaState[], string[]]>([
    ['that begins', undefined, [running], ['started']],
    ['that begins and stands still', undefined, [paused], ['started', 'paused']],
    ['that goes on as it was', running, [running, running], []],
    ['that ends', running, [completed], ['completed']],
    ['that turns back', running, [compensating], ['compensating']],
    ['that turns back with nothing to take back', running, [compensated], ['compensating', 'compensated']],
    ['that was taken back', compensating, [compensated], ['compensated']],
    ['that stands still on its way back', compensating, [pausedOnTheWayBack], ['paused']],
    ['that stands still and turns back at once', running, [pausedOnTheWayBack], ['compensating', 'paused']],
    ['that goes on after a pause', paused, [running], ['resumed']],
    ['that turns back after a pause', paused, [compensating], ['resumed', 'compensating']],
    ['that goes on back after a pause', pausedOnTheWayBack, [compensating], ['resumed']],
    ['that ends by a late answer', paused, [completed], ['resumed', 'completed']],
    ['that remains paused', paused, [paused], []],
    ['a child that its parent takes back', completed, [compensating, compensated], ['compensating', 'compensated']],
    [
      'that lives all its life in one flush',
      undefined,
      [running, paused, running, completed],
      ['started', 'paused', 'resumed', 'completed'],
    ],
  ])('%s', (_name, before, states, events) => {
    expect(told(before, ...states)).toEqual(events);
  });
});
