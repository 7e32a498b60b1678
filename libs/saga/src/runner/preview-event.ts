import type { DefinitionRegistry } from '../definition';
import type { HaltedEvent, HistoryEntry, Ignored, OperatorEvent, SagaState, SignalledEvent } from '../engine';
import type { SagaUpdate, StoredSaga } from '../store';
import { applyEvents, type HoldsInForce } from './apply-events';

/** What comes to a saga from outside the flow of messages: from a person, or from whom it waits for. */
export type InterventionEvent = OperatorEvent | SignalledEvent;

/** Why an event would change nothing. */
export type Refused =
  | { readonly kind: 'ignored'; readonly because: Ignored; readonly state: SagaState }
  /** The saga cannot be told this: its definition is missing, or the engine finds something broken. */
  | { readonly kind: 'halted'; readonly because: HaltedEvent['because']; readonly detail: string };

export interface Effective {
  readonly kind: 'effective';
  readonly update: SagaUpdate;
  /** What the history will say of it. */
  readonly entry: HistoryEntry;
}

/** What an event would do to the saga as it is; nothing is done yet. */
export function previewEvent(
  registry: DefinitionRegistry,
  saga: StoredSaga,
  event: InterventionEvent,
  now: number,
  holds?: HoldsInForce,
): Effective | Refused {
  const update = applyEvents(registry, saga, [{ sagaId: saga.state.id, event }], now, holds);
  const entry = update?.history.at(-1);
  if (update === undefined || entry === undefined) throw new Error(`The history must keep ${event.kind}.`);
  if (entry.event.kind === 'halted') return { ...entry.event, kind: 'halted' };
  if (entry.ignored !== undefined) return { kind: 'ignored', because: entry.ignored, state: saga.state };
  return { kind: 'effective', update, entry };
}
