/* Counts what became of sagas from their histories alone, to compare the statistics with. */
import type { SagaDefinition } from '../src/definition';
import { transition, type HistoryEntry, type SagaState } from '../src/engine';
import { sagaDelta, sumOf, type Counts, type KnownDefinitions, type SagaDelta } from '../src/statistics';

/** What these sagas have added to the statistics: event by event, however they were batched when they were saved. */
export function recount(
  registry: KnownDefinitions,
  sagas: readonly { readonly definition: SagaDefinition; readonly history: readonly HistoryEntry[] }[],
): SagaDelta[] {
  return sagas.flatMap(({ definition, history }) => {
    let before: SagaState | undefined;
    return history.flatMap(({ event, at }) => {
      const { state, ignored } = transition(definition, before, event, at);
      const delta = sagaDelta(registry, before, [{ event, state, ignored: ignored !== undefined }], at);
      before = state;
      return delta ?? [];
    });
  });
}

/** The counts of each definition. */
export function countsByDefinition(
  all: readonly { readonly definition: string; readonly counts: Counts }[],
): Record<string, Counts> {
  const names = [...new Set(all.map(({ definition }) => definition))].toSorted();
  const of = (name: string): Counts =>
    sumOf(all.filter(({ definition }) => definition === name).map(({ counts }) => counts));
  return Object.fromEntries(names.map((name) => [name, of(name)]));
}

/** How many sagas of each version have not ended. */
export function openByVersion(
  all: readonly { readonly definition: string; readonly version: number; readonly open: number }[],
): Record<string, number> {
  const open: Record<string, number> = {};
  for (const { definition, version, open: more } of all) {
    const key = `${definition} v${version}`;
    open[key] = (open[key] ?? 0) + more;
  }
  return Object.fromEntries(
    Object.entries(open)
      .filter(([, count]) => count !== 0)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The same of what updates add. */
export function openOf(deltas: readonly SagaDelta[]): Record<string, number> {
  return openByVersion(
    deltas.flatMap(({ definition, open }) =>
      open.map(({ version, change }) => ({ definition, version, open: change })),
    ),
  );
}
