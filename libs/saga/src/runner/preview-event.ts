import type { DefinitionRegistry } from '../definition';
import type { HaltedEvent, HistoryEntry, Ignored, OperatorEvent, SagaState, SignalledEvent } from '../engine';
import type { SagaUpdate, StoredSaga } from '../store';
import { applyEvents, type HoldsInForce } from './apply-events';

/** An event from outside the saga's own messages: from an operator, or a signal. */
export type InterventionEvent = OperatorEvent | SignalledEvent;

/** Why an event would change nothing. */
export type Refused =
  | { readonly kind: 'ignored'; readonly because: Ignored; readonly state: SagaState }
  /** The event cannot be applied: the definition is missing, or an invariant of the engine is broken. */
  | { readonly kind: 'halted'; readonly because: HaltedEvent['because']; readonly detail: string };

export interface Effective {
  readonly kind: 'effective';
  readonly update: SagaUpdate;
  /** The event as the history will show it. */
  readonly entry: HistoryEntry;
}

/** Returns what an event would do to the saga in its present state, without applying it. */
export function previewEvent(
  registry: DefinitionRegistry,
  saga: StoredSaga,
  event: InterventionEvent,
  now: number,
  holds?: HoldsInForce,
): Effective | Refused {
  const update = applyEvents(registry, saga, [{ sagaId: saga.state.id, event }], now, holds);
  const entry = update?.history.at(-1);
  if (update === undefined || entry === undefined) throw new Error(`The history must record ${event.kind}.`);
  if (entry.event.kind === 'halted') return { ...entry.event, kind: 'halted' };
  if (entry.ignored !== undefined) return { kind: 'ignored', because: entry.ignored, state: saga.state };
  return { kind: 'effective', update, entry };
}
