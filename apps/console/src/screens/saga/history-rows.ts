import { DiagramItems } from '../../diagram/diagram-items';
import type { HistoryEntry, SagaHistory } from '../../diagram/history';

/** The entries of a history, the newest first, each in words: those of the diagram. */
export function rowsOf<Entry extends HistoryEntry>(
  history: readonly Entry[],
): readonly { readonly entry: Entry; readonly what: string }[] {
  const items = new DiagramItems({ definition: '', history } satisfies SagaHistory);
  return history
    .map((entry) => ({
      entry,
      what: items
        .ofEntry(entry, false)
        .filter(({ kind }) => kind !== 'command')
        .map(({ symbol, label }) => [symbol, label].filter((part) => part !== '').join(' '))
        .join('; '),
    }))
    .toReversed();
}
