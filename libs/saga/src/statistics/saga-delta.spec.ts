import * as fc from 'fast-check';
import { DefinitionRegistry } from '../definition';
import { hasEnded, transition, type SagaEvent, type SagaState } from '../engine';
import { randomDefinitions } from '../../test/random-definition';
import { randomMoves, RandomWalk } from '../../test/random-walk';
import { recount } from '../../test/recount';
import { anOrder, placeOrder } from '../../test/sample-saga';
import { sumOf, type Counts } from './counts';
import { quantile } from './histogram';
import { sagaDelta, type AppliedToSaga, type KnownDefinitions, type SagaDelta } from './saga-delta';

const registry = new DefinitionRegistry([placeOrder]);
const SAGA = '019b76da-a800-7000-8000-00005a6a7e57';
const START = Date.UTC(2026, 0, 1);
const MINUTE = START / 60_000;

/** A saga, and what each of its events adds. */
class Counted {
  state: SagaState | undefined;
  readonly deltas: SagaDelta[] = [];

  constructor(private now = START) {
    this.apply({ kind: 'started', sagaId: SAGA, definition: 'place-order', version: 1, input: anOrder() });
  }

  apply(event: SagaEvent, afterMs = 0): this {
    this.now += afterMs;
    const { state, ignored } = transition(placeOrder, this.state, event, this.now);
    const delta = sagaDelta(registry, this.state, [{ event, state, ignored: ignored !== undefined }], this.now);
    this.state = state;
    if (delta) this.deltas.push(delta);
    return this;
  }

  answer(step: string, kind: 'replied' | 'refused' | 'failed', afterMs: number, reply: unknown = {}): this {
    const { commandId = '', direction = 'action' } = this.state?.steps[step]?.exchange ?? {};
    const from = step === 'stock' ? 'inventory' : step === 'payment' || step === 'capture' ? 'payment' : 'order';
    const about = { commandId, step, direction, from };
    const objection = { reason: 'no' };
    return this.apply(kind === 'replied' ? { kind, ...about, reply } : { kind, ...about, objection }, afterMs);
  }

  get counts(): Counts {
    return sumOf(this.deltas.map(({ counts }) => counts));
  }

  get open(): number {
    return this.deltas.flatMap(({ open }) => open).reduce((sum, { change }) => sum + change, 0);
  }
}

it('counts a start, in the minute in which it happened', () => {
  const { deltas } = new Counted(START + 59_999);
  expect(deltas).toEqual([
    {
      definition: 'place-order',
      minute: MINUTE,
      open: [{ version: 1, started: MINUTE, change: 1 }],
      counts: { started: 1 },
    },
  ]);
});

it('measures a reply from when its command was sent last', () => {
  const saga = new Counted();
  const wakeAt = saga.state!.steps['stock']!.exchange!.wakeAt;
  saga.apply({ kind: 'time-passed' }, wakeAt - START).answer('stock', 'replied', 200, { reservationId: 'r' });
  const counts = saga.counts.steps?.['stock']?.action;
  expect(counts).toMatchObject({ succeeded: 1, unanswered: 1 });
  expect(quantile(counts?.took ?? {}, 0.5)).toBeGreaterThan(190);
  expect(quantile(counts?.took ?? {}, 0.5)).toBeLessThan(210);
});

it('counts failed attempts, and no reply that nobody waits for', () => {
  const saga = new Counted().answer('stock', 'failed', 10);
  expect(saga.counts.steps?.['stock']?.action).toMatchObject({ failed: 1 });
  const before = saga.counts;
  saga.answer('stock', 'failed', 10);
  expect(saga.counts).toEqual(before);
});

it('counts why a saga was compensated when it has ended', () => {
  const saga = new Counted().answer('stock', 'refused', 5).answer('payment', 'replied', 5, { authorizationId: 'a' });
  while (!hasEnded(saga.state!)) {
    const [step] = Object.entries(saga.state!.steps).find(([, { exchange }]) => exchange?.waitsFor === 'reply') ?? [];
    saga.answer(step!, 'replied', 5);
  }
  expect(saga.state?.status).toBe('COMPENSATED');
  expect(saga.counts).toMatchObject({ started: 1, compensated: 1, causes: { refusal: { stock: 1 } } });
  expect(saga.counts.completed).toBeUndefined();
  expect(saga.open).toBe(0);
});

it('counts each pause, and a paused saga as not ended', () => {
  const by = { by: 'ada', reason: 'a test' };
  const saga = new Counted().apply({ kind: 'pause', ...by }).apply({ kind: 'resume', ...by });
  saga.apply({ kind: 'pause', ...by });
  expect(saga.counts).toMatchObject({ started: 1, paused: 2 });
  expect(saga.open).toBe(1);
});

describe('for any saga and any events', () => {
  it('counts the same however the events are batched, and open sagas as what they are', () => {
    fc.assert(
      fc.property(randomDefinitions, randomMoves, fc.integer({ min: 1, max: 7 }), (definition, moves, size) => {
        const walk = new RandomWalk(definition);
        for (const move of moves) walk.go(move);
        const known = { find: () => definition };
        const one = recount(known, [{ definition, history: walk.history }]);
        const sum = sumOf(one.map(({ counts }) => counts));
        expect(sumOf(inBatches(known, walk, size).map(({ counts }) => counts))).toEqual(sum);
        const open = one.flatMap((delta) => delta.open).reduce((total, { change }) => total + change, 0);
        expect(open).toBe(hasEnded(walk.state) ? 0 : 1);
        expect(sum.started).toBe(1);
        if (walk.state.status === 'COMPENSATED') expect(sum.compensated).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});

/** What the saga adds when this many of its events are saved together; those of a batch happen at the same time. */
function inBatches(known: KnownDefinitions, { scenes }: RandomWalk, size: number): SagaDelta[] {
  const deltas: SagaDelta[] = [];
  for (let from = 0; from < scenes.length;) {
    const { now, before } = scenes[from]!;
    const batch = scenes.slice(from, from + size).filter((scene) => scene.now === now);
    const applied = batch.map(({ event, turn }): AppliedToSaga => {
      return { event, state: turn.state, ignored: turn.ignored !== undefined };
    });
    deltas.push(...[sagaDelta(known, before, applied, now) ?? []].flat());
    from += batch.length;
  }
  return deltas;
}
