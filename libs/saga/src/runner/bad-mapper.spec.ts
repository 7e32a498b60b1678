/*
 * What a payload mapper returns is not trusted: an invalid result pauses its saga with the reason, and the saga
 * continues once the mapper is fixed.
 */
import { v7 as uuidV7 } from 'uuid';
import { DefinitionRegistry, defineSaga } from '../definition';
import { fold, type SagaEvent } from '../engine';
import { anOrder, commitStock, Order } from '../../test/sample-saga';
import type { SagaUpdate } from '../store/saga-store';
import { applyEvents } from './apply-events';

const NOW = Date.UTC(2026, 0, 1);
const sagaId = uuidV7();
const started: SagaEvent = { kind: 'started', sagaId, definition: 'broken-mapper', version: 1, input: anOrder() };
const resume: SagaEvent = { kind: 'resume', by: 'ada', reason: 'mended' };

function brokenMapper(payload: () => unknown): DefinitionRegistry {
  const definition = defineSaga({ name: 'broken-mapper', version: 1, input: Order })
    .retriable('commit', { invoke: commitStock, payload: payload as () => Order })
    .build();
  return new DefinitionRegistry([definition]);
}

const cyclic: Record<string, unknown> = { orderId: 'o-1' };
cyclic['self'] = cyclic;

const nonsense: [string, () => unknown, string][] = [
  ['undefined', () => undefined, 'invalid-payload'],
  ['null', () => null, 'invalid-payload'],
  ['a string', () => 'o-1', 'invalid-payload'],
  ['a number', () => Number.NaN, 'invalid-payload'],
  ['a list', () => ['o-1'], 'invalid-payload'],
  ['a promise', () => Promise.resolve(anOrder()), 'invalid-payload'],
  ['a function', () => anOrder, 'invalid-payload'],
  ['a bigint', () => 10n, 'invalid-payload'],
  ['an object that lacks a field', () => ({}), 'invalid-payload'],
  ['an object with a field of the wrong type', () => ({ orderId: Symbol('o-1') }), 'invalid-payload'],
  ['a cyclic object', () => cyclic, 'engine-fault'],
  ['an object that holds a bigint', () => ({ ...anOrder(), amount: 10n }), 'engine-fault'],
  ['an object that cannot be serialized', () => ({ ...anOrder(), toJSON: () => throwing() }), 'engine-fault'],
  ['a huge object', () => ({ ...anOrder(), more: 'x'.repeat(300_000) }), 'engine-fault'],
  ['a thrown error', () => throwing(), 'invalid-payload'],
  ['a thrown object that is not an Error', () => throwing(Object.create(null)), 'engine-fault'],
];

function throwing(error: unknown = new Error('a string as error')): never {
  throw error;
}

describe('a saga with a faulty payload mapper', () => {
  it.each(nonsense)(
    'pauses when the mapper produces %s, and continues once the mapper is fixed',
    (_what, payload, reason) => {
      const update = applyEvents(brokenMapper(payload), undefined, [{ sagaId, event: started }], NOW)!;
      expect(update).toMatchObject({ outbox: [], armedAt: undefined, state: { status: 'PAUSED', pause: { reason } } });
      expect(update.state.pause?.detail).not.toBe('');
      const kept = JSON.parse(JSON.stringify(update)) as SagaUpdate;
      expect(JSON.parse(JSON.stringify(fold(brokenMapper(payload).all()[0]!, kept.history)))).toEqual(kept.state);
      const fixed = applyEvents(brokenMapper(anOrder), kept, [{ sagaId, event: resume }], NOW)!;
      expect(fixed.state.status).toBe('RUNNING');
      expect(fixed.outbox.map(({ topic }) => topic)).toEqual(['inventory.commands']);
    },
  );
});
