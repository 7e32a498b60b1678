import * as fc from 'fast-check';
import { randomDefinitions } from '../../../libs/saga/test/random-definition';
import { randomMoves, RandomWalk } from '../../../libs/saga/test/random-walk';
import type { HistoryEntry, SagaHistory } from '../src/diagram/history';
import { sagaOf } from './saga-of';

/** Text that tries to break a page: markup, other writing directions, marks, very long words. */
export const hostileTexts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'שלום עולם, مرحبا بالعالم',
    '\u202Eevil\u202C',
    'W'.repeat(10_000),
    'e' + '\u0301'.repeat(5_000),
    'end; Note over L0: x\n%%{init: {}}%%',
  ),
);

/** What faults and releases to come may add to a history. */
const additions: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    kind: fc.constant('fault-struck'),
    service: fc.oneof(fc.constant('c0-0'), hostileTexts),
    point: fc.constantFrom('before-commit', 'after-publish'),
    effect: fc.constantFrom('crash', 'drop-reply'),
    command: hostileTexts,
  }),
  fc.record({ kind: hostileTexts, reason: hostileTexts, objection: fc.anything() }),
);

/** Sagas that the real engine ran through arbitrary events, with remarks at arbitrary places of their histories. */
export const anySaga: fc.Arbitrary<SagaHistory> = fc
  .tuple(randomDefinitions, randomMoves, fc.array(fc.tuple(fc.nat(), additions), { maxLength: 4 }))
  .map(([definition, moves, added]) => {
    const walk = new RandomWalk(definition);
    for (const move of moves) walk.go(move);
    return added.reduce(withEvent, sagaOf(definition, walk));
  });

function withEvent(saga: SagaHistory, [place, event]: [number, object]): SagaHistory {
  const at = 1 + (place % saga.history.length);
  const before = saga.history[at - 1] as HistoryEntry;
  const after = before.after && { status: before.after.status, steps: [] };
  const history = [...saga.history.slice(0, at), { ...before, event, sent: [], ignored: undefined, after }];
  return { ...saga, history: [...history, ...saga.history.slice(at)].map((entry, n) => ({ ...entry, seq: n + 1 })) };
}
