import { v7 as uuidV7 } from 'uuid';
import { DefinitionRegistry, type SagaDefinition } from '../definition';
import { fold, type SagaEvent, type SagaState } from '../engine';
import { aStart, incomingStart } from '../../test/messages';
import { anOrder, authorized, authorizePayment, placeOrder, reserved, reserveStock } from '../../test/sample-saga';
import { sagaInputOf, type SagaInput } from './saga-input';
import type { SagaUpdate, StoredSaga } from '../store/saga-store';
import { applyEvents } from './apply-events';

const NOW = Date.UTC(2026, 0, 1);
const FIRST_TIMEOUT = NOW + 5_000;
const sagaId = uuidV7();
const registry = new DefinitionRegistry([placeOrder]);
const operator = { by: 'ada', reason: 'to check' };
const started: SagaEvent = { kind: 'started', sagaId, definition: 'place-order', version: 1, input: anOrder() };

const updateOf = (before: StoredSaga | undefined, now: number, ...events: SagaEvent[]): SagaUpdate | undefined =>
  applyEvents(
    registry,
    before,
    events.map((event) => ({ sagaId, event })),
    now,
  );

const stored = ({ state, revision, armedAt }: SagaUpdate): StoredSaga => ({ state, revision, armedAt });

/** Applies the events one by one, as the store would save them, and returns the last result. */
function after(...events: SagaEvent[]): StoredSaga {
  return events.reduce<StoredSaga | undefined>((before, event) => {
    const update = updateOf(before, NOW, event);
    return update ? stored(update) : before;
  }, undefined)!;
}

function answerTo(state: SagaState, step: string, reply: unknown): SagaEvent {
  const from = { stock: reserveStock, payment: authorizePayment }[step]?.service ?? 'payment';
  const commandId = state.steps[step]?.exchange?.commandId ?? '';
  return { kind: 'replied', commandId, step, direction: 'action', from, reply };
}

const found = (version: number): SagaEvent => ({ kind: 'definition-found', version });
const version2: SagaDefinition = { ...placeOrder, version: 2 };

/** The result of an orchestrator that does not know the saga's version. */
function missed(before: StoredSaga, event: SagaEvent = { kind: 'time-passed' }): StoredSaga {
  const update = applyEvents(new DefinitionRegistry([]), before, [{ sagaId, event }], NOW);
  return update ? stored(update) : before;
}

const fired = (now: number, before: StoredSaga): SagaUpdate | undefined =>
  applyEvents(registry, before, [{ sagaId, event: { kind: 'time-passed' }, timerFired: true }], now);

describe('applying events to a saga', () => {
  it('returns its state, its history and its commands', () => {
    const update = updateOf(undefined, NOW, started);
    expect(update).toMatchObject({ revision: 1, before: undefined, state: { status: 'RUNNING' } });
    expect(update?.outbox.map(({ topic }) => topic)).toEqual(['inventory.commands', 'payment.commands']);
    expect(update?.history.map(({ seq, at, event }) => ({ seq, at, event }))).toEqual([
      { seq: 1, at: NOW, event: started },
    ]);
  });

  it('combines several events, in their order, into one result', () => {
    const before = after(started);
    const events = [answerTo(before.state, 'stock', reserved), answerTo(before.state, 'payment', authorized)];
    const update = updateOf(before, NOW, ...events);
    expect(update?.history.map(({ seq }) => seq)).toEqual([2, 3]);
    expect(update?.outbox.map(({ topic }) => topic)).toEqual(['payment.commands']);
  });

  it('records an ignored event with the reason', () => {
    const update = updateOf(after(started), NOW, started);
    expect(update?.history).toMatchObject([{ seq: 2, ignored: 'already-started' }]);
    expect(update?.outbox).toEqual([]);
  });

  it('returns nothing for a reply to an unknown saga', () => {
    expect(updateOf(undefined, NOW, answerTo(after(started).state, 'stock', reserved))).toBeUndefined();
  });
});

describe('the timer of a saga', () => {
  it('is armed for the first wake-up', () => {
    expect(after(started).armedAt).toBe(FIRST_TIMEOUT);
  });

  it('stays in place when the wake-up moves later', () => {
    const before = after(started);
    const update = updateOf(before, NOW + 1_000, answerTo(before.state, 'stock', reserved), {
      kind: 'retry',
      ...operator,
    });
    expect(update?.state.wakeAt).toBe(FIRST_TIMEOUT + 1_000);
    expect(update?.armedAt).toBe(FIRST_TIMEOUT);
  });

  it('moves when the wake-up becomes earlier', () => {
    const update = updateOf({ ...after(started), armedAt: FIRST_TIMEOUT + 60_000 }, NOW, started);
    expect(update?.armedAt).toBe(FIRST_TIMEOUT);
  });

  it('is moved without a history entry when it fires too early', () => {
    const before = { ...after(started), armedAt: NOW + 1_000 };
    expect(fired(NOW + 1_000, before)).toMatchObject({ armedAt: FIRST_TIMEOUT, revision: 1, history: [], outbox: [] });
  });

  it('resends the commands and is armed again when it fires in time', () => {
    const update = fired(FIRST_TIMEOUT, after(started));
    expect(update).toMatchObject({ armedAt: FIRST_TIMEOUT + 5_000, revision: 2 });
    expect(update?.outbox).toHaveLength(2);
  });

  it('changes nothing when another process has moved it meanwhile', () => {
    expect(fired(NOW, after(started))).toBeUndefined();
  });

  it('is deleted when the saga pauses, and armed again when it resumes', () => {
    const paused = after(started, { kind: 'pause', ...operator });
    expect(paused.armedAt).toBeUndefined();
    expect(updateOf(paused, NOW + 9_000, { kind: 'resume', ...operator })?.armedAt).toBe(NOW + 14_000);
  });

  it('is armed for now when the saga resumes after its deadline', () => {
    const paused = after(started, { kind: 'pause', ...operator });
    const late = NOW + 16 * 60_000;
    const update = updateOf(paused, late, { kind: 'resume', ...operator });
    expect(update?.state.wakeAt).toBe(NOW + 15 * 60_000);
    expect(update?.armedAt).toBe(late);
  });

  it('is ignored when the saga does not exist', () => {
    expect(applyEvents(registry, undefined, [{ sagaId, event: { kind: 'time-passed' }, timerFired: true }], NOW)).toBe(
      undefined,
    );
  });
});

describe('a saga that cannot continue', () => {
  const broken: SagaDefinition = { ...placeOrder, stages: [{ steps: [{ name: 'stock', kind: 'pivot' }] }] };

  it('pauses when its version is no longer registered', () => {
    const before = after(started);
    const event = answerTo(before.state, 'stock', reserved);
    const update = applyEvents(new DefinitionRegistry([]), before, [{ sagaId, event }], NOW);
    expect(update).toMatchObject({
      armedAt: undefined,
      state: { status: 'PAUSED', wakeAt: undefined, pause: { reason: 'definition-missing' } },
      history: [{ seq: 2, event: { kind: 'halted' } }],
    });
    expect(update?.state.pause?.detail).toContain('No definition of place-order v1 is registered; register it again');
  });

  it('continues when its version is registered again, and records that in its history', () => {
    const missing = missed(after(started), answerTo(after(started).state, 'stock', reserved));
    const update = updateOf(missing, NOW + 9_000, found(1));
    expect(update).toMatchObject({
      armedAt: NOW + 14_000,
      state: { status: 'RUNNING', version: 1, pause: undefined },
      history: [{ seq: 3, event: { kind: 'definition-found', version: 1 } }],
    });
    // The reply that arrived meanwhile was not read; its participant resends it.
    expect(update?.outbox).toHaveLength(2);
  });

  it('begins with the version that was found when its definition had none', () => {
    const { event } = sagaInputOf(incomingStart(aStart('place-order', anOrder())), new DefinitionRegistry([]));
    const halted = stored(applyEvents(new DefinitionRegistry([]), undefined, [{ sagaId, event }], NOW)!);
    const update = applyEvents(new DefinitionRegistry([version2]), halted, [{ sagaId, event: found(2) }], NOW);
    expect(update?.state).toMatchObject({ status: 'RUNNING', version: 2, deadlineAt: NOW + 900_000 });
    expect(fold(version2, [{ seq: 1, at: NOW, event, sent: [] }, ...update!.history])).toEqual(update?.state);
  });

  it.each(['resume', 'cancel'] as const)(
    'begins with the newest version on %s when its definition had none and an operator has paused it since',
    (kind) => {
      const begun: SagaEvent = { ...started, version: 0, halted: 'no version yet' };
      const pause: SagaEvent = { kind: 'pause', ...operator };
      const paused = stored(updateOf(stored(updateOf(undefined, NOW, begun)!), NOW, pause)!);
      const update = applyEvents(
        new DefinitionRegistry([version2]),
        paused,
        [{ sagaId, event: { kind, ...operator } }],
        NOW,
      );
      expect(update?.state).toMatchObject({ version: 2, status: kind === 'resume' ? 'RUNNING' : 'COMPENSATING' });
      expect(
        fold(version2, [
          { seq: 1, at: NOW, event: begun, sent: [] },
          { seq: 2, at: NOW, event: pause, sent: [] },
          ...update!.history,
        ]),
      ).toEqual(update?.state);
    },
  );

  it('keeps its version, whatever another orchestrator finds', () => {
    const update = applyEvents(
      new DefinitionRegistry([version2]),
      missed(after(started)),
      [{ sagaId, event: found(2) }],
      NOW,
    );
    expect(update).toBeUndefined();
  });

  it('does not continue twice', () => {
    expect(updateOf(after(started), NOW, found(1))).toBeUndefined();
  });

  it('stays paused when an operator has paused it', () => {
    const pause: SagaEvent = { kind: 'pause', ...operator };
    for (const held of [stored(updateOf(missed(after(started)), NOW, pause)!), missed(missed(after(started)), pause)]) {
      expect(held.state.pause).toMatchObject({ reason: 'operator', detail: 'ada: to check' });
      expect(updateOf(held, NOW, found(1))).toBeUndefined();
    }
  });

  it('pauses again with the new reason when the definition that was found is faulty', () => {
    const update = applyEvents(
      new DefinitionRegistry([broken]),
      missed(after(started)),
      [{ sagaId, event: found(1) }],
      NOW,
    );
    expect(update?.state).toMatchObject({ status: 'PAUSED', pause: { reason: 'engine-fault', during: 'RUNNING' } });
  });

  it('pauses when an invariant of the engine is broken', () => {
    const before = after(started);
    const events: SagaInput[] = [{ sagaId, event: { kind: 'retry', ...operator } }];
    expect(applyEvents(new DefinitionRegistry([broken]), before, events, NOW)).toMatchObject({
      state: { status: 'PAUSED', pause: { reason: 'engine-fault' } },
      history: [{ seq: 2, event: { kind: 'halted', because: 'engine-fault' } }],
    });
  });

  it('pauses when a command is too large to be sent', () => {
    const input = { ...anOrder(), orderId: 'o'.repeat(300_000) };
    const update = updateOf(undefined, NOW, { ...started, input });
    expect(update).toMatchObject({ outbox: [], state: { status: 'PAUSED', pause: { reason: 'engine-fault' } } });
    expect(update?.state.pause?.detail).toContain('at most 262144 are allowed');
  });

  it('pauses when its start breaks an invariant', () => {
    const update = applyEvents(new DefinitionRegistry([broken]), undefined, [{ sagaId, event: started }], NOW);
    expect(update?.state).toMatchObject({ status: 'PAUSED', pause: { reason: 'engine-fault' } });
    expect(update?.state.pause?.detail).toContain('Broken invariant');
    expect(fold(broken, update?.history ?? [])).toEqual(update?.state);
  });
});
