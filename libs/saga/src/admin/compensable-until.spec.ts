import type { SagaState } from '../engine';
import { compensableUntil } from './compensable-until';

const until = Date.parse('2026-12-08T12:00:00Z');
const state = (part: Partial<SagaState>): SagaState => ({ status: 'RUNNING', ...part }) as SagaState;
const paused = (reason: 'operator' | 'action-forgotten'): SagaState =>
  state({ status: 'PAUSED', pause: { reason, detail: '', during: 'RUNNING', at: 0 } });
const only =
  'what it did can certainly be compensated only until 2026-12-08T12:00:00.000Z, when participants may have forgotten it.';

it.each([
  ['is paused for longer', paused('operator'), `The saga is paused, and ${only}`],
  [
    'waits for longer',
    state({ wakeAt: Date.parse('2026-12-30T12:00:00Z') }),
    `The saga may wait until 2026-12-30T12:00:00.000Z, and ${only}`,
  ],
])('a saga that %s than its participants remember is shown with a warning', (_what, saga, warning) => {
  expect(compensableUntil(saga, until)).toEqual({ undoableUntil: '2026-12-08T12:00:00.000Z', warning });
});

it.each([
  ['continues before that', state({ wakeAt: until })],
  ['is paused because that has happened', paused('action-forgotten')],
])('a saga that %s is shown without a warning', (_what, saga) => {
  expect(compensableUntil(saga, until)).toEqual({ undoableUntil: '2026-12-08T12:00:00.000Z' });
});
