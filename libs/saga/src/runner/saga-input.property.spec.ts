/*
 * Any message on a topic of the orchestrator is either applied to a saga or rejected as unreadable with a reason; none
 * makes it throw.
 */
import * as fc from 'fast-check';
import { MAX_MESSAGE_BYTES, ORCHESTRATOR_COMMANDS, SIGNAL_SAGA, UnreadableMessageError } from '../contract';
import { DefinitionRegistry } from '../definition';
import { fold } from '../engine';
import type { IncomingMessage } from '../messaging';
import { anyMessage } from '../../test/any-message';
import { aReply, aStart, incoming } from '../../test/messages';
import { anOrder, placeOrder, reserved } from '../../test/sample-saga';
import { sagaInputOf, type SagaInput } from './saga-input';
import type { StoredSaga } from '../store/saga-store';
import { applyEvents } from './apply-events';

const NOW = Date.UTC(2026, 0, 1);
const registry = new DefinitionRegistry([placeOrder]);
const start = aStart('place-order', anOrder(), { subject: 'o-1' });
const replies = 'orchestrator.replies.inventory';

/** The saga after its start, and the command that it waits for. */
const begun = applyEvents(registry, undefined, [sagaInputOf(incoming(ORCHESTRATOR_COMMANDS, start), registry)], NOW)!;
const stored: StoredSaga = begun;
const awaited = JSON.parse(begun.outbox.find(({ topic }) => topic === 'inventory.commands')?.payload ?? '');
const reply = aReply(awaited, 'success', reserved);
const signal = { ...start, type: SIGNAL_SAGA, data: { signal: 'paid', payload: {} } };

function read(message: IncomingMessage): SagaInput | undefined {
  try {
    return sagaInputOf(message, registry);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableMessageError);
    expect((error as UnreadableMessageError).reason).toMatch(/^[a-z-]+$/);
    return undefined;
  }
}

it.each([
  ['a start', ORCHESTRATOR_COMMANDS, start, undefined],
  ['a start of a saga that runs', ORCHESTRATOR_COMMANDS, start, stored],
  ['a signal', ORCHESTRATOR_COMMANDS, signal, stored],
  ['an answer', replies, reply, stored],
  ['an answer on another topic', 'orchestrator.replies.payment', reply, stored],
])('any document in place of %s leaves a saga that can be stored', (_what, topic, document, before) => {
  let taken = 0;
  fc.assert(
    fc.property(anyMessage(topic, document), (message) => {
      const input = read(message);
      if (input === undefined) return;
      const update = applyEvents(registry, before, [input], NOW + 1_000);
      if (update === undefined) return;
      taken += 1;
      const kept = JSON.parse(JSON.stringify({ state: update.state, history: update.history })) as Pick<
        typeof update,
        'state' | 'history'
      >;
      expect(kept.state.status).toMatch(/^[A-Z]+$/);
      for (const { payload } of update.outbox) expect(payload.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      if (before === undefined && kept.state.definition === 'place-order' && kept.state.version === 1)
        expect(JSON.parse(JSON.stringify(fold(placeOrder, kept.history)))).toEqual(kept.state);
    }),
    { numRuns: 400 },
  );
  // The test is not vacuous: some messages must have been applied.
  expect(taken).toBeGreaterThan(20);
});
