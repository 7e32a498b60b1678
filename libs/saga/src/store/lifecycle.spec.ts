import { topicsOf } from '../contract';
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
const pausedCompensating = state('PAUSED', 'COMPENSATING');
/** With one step that waits for a hold to end. */
const held = (of: SagaState): SagaState => ({
  ...of,
  steps: { stock: { status: 'INVOKED', held: { since: 0, checkAt: 1 } }, payment: { status: 'INVOKED' } },
});

const eventsOf = (before: SagaState | undefined, ...states: SagaState[]): string[] =>
  lifecycleRows(before, states, topicsOf()).map(({ payload }) =>
    (JSON.parse(payload) as { type: string }).type.slice(5, -3),
  );

describe('the lifecycle events', () => {
  it.each<[string, SagaState | undefined, SagaState[], string[]]>([
    ['that begins', undefined, [running], ['started']],
    ['that begins and pauses at once', undefined, [paused], ['started', 'paused']],
    ['that keeps running', running, [running, running], []],
    ['that completes', running, [completed], ['completed']],
    ['that starts compensating', running, [compensating], ['compensating']],
    ['that compensates with nothing to undo', running, [compensated], ['compensating', 'compensated']],
    ['that finishes compensating', compensating, [compensated], ['compensated']],
    ['that pauses while compensating', compensating, [pausedCompensating], ['paused']],
    ['that starts compensating and pauses at once', running, [pausedCompensating], ['compensating', 'paused']],
    ['that resumes', paused, [running], ['resumed']],
    ['that starts compensating after a pause', paused, [compensating], ['resumed', 'compensating']],
    ['that resumes compensating', pausedCompensating, [compensating], ['resumed']],
    ['that is completed by a late reply while paused', paused, [completed], ['resumed', 'completed']],
    ['that remains paused', paused, [paused], []],
    ['that begins with a held step', undefined, [held(running)], ['started', 'held']],
    ['whose step begins to wait for a hold', running, [held(running)], ['held']],
    ['that remains held', held(running), [held(running)], []],
    ['whose hold ends', held(running), [running], ['released']],
    ['that is completed by a late reply while held', held(running), [completed], ['released', 'completed']],
    ['that starts compensating, with what is held', held(running), [held(compensating)], ['compensating']],
    ['that pauses while held', held(running), [held(paused)], ['paused']],
    [
      'that its parent compensates after its completion',
      completed,
      [compensating, compensated],
      ['compensating', 'compensated'],
    ],
    [
      'that runs from start to completion in one batch',
      undefined,
      [running, paused, running, completed],
      ['started', 'paused', 'resumed', 'completed'],
    ],
  ])('are published for a saga %s', (_name, before, states, events) => {
    expect(eventsOf(before, ...states)).toEqual(events);
  });

  it('name the held steps', () => {
    const data = lifecycleRows(running, [held(running), running], topicsOf()).map(
      ({ payload }) => (JSON.parse(payload) as { data: { held?: string[] } }).data.held,
    );
    expect(data).toEqual([['stock'], undefined]);
  });
});
