import {
  statesAfter,
  storedEvent,
  type HistoryEntry as Recorded,
  type SagaDefinition,
  type SagaState,
} from '@palinode/saga/internal';
import type { HistoryEntry, SagaHistory } from '../src/diagram/history';

/** What really happened to a saga, by the engine. */
interface Happened {
  readonly state: SagaState;
  readonly history: readonly Recorded[];
}

/** A saga as the admin API shows it, as far as the diagram reads it. */
export function sagaOf(definition: SagaDefinition, { state, history }: Happened): SagaHistory {
  const states = statesAfter(definition, history, state);
  const { parent } = state;
  const entries = history.map(({ seq, at, event, sent, ignored }, n): HistoryEntry => {
    return { seq, at: new Date(at).toISOString(), event: storedEvent(event), sent, ignored, after: states?.[n] };
  });
  return {
    definition: state.definition,
    parent: parent && { saga: parent.sagaId, step: parent.step },
    history: entries,
  };
}

/** The saga as it was after its first entries. */
export function beginningOf(saga: SagaHistory, entries: number): SagaHistory {
  return { ...saga, history: saga.history.slice(0, entries) };
}
