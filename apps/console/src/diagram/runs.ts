/*
 * Finds entries of the history that are drawn as one row: ignored ones, and successes of a forEach's branches. Whether an
 * entry belongs to the run before it depends on nothing that comes later, so a growing history only changes the last run.
 */
import { eventOf, forEachOf, isReply, type HistoryEntry } from './history';

export type FoldedBecause = 'ignored' | 'branches';

/** Successive entries of one kind; a run of one is just an entry. */
export interface Run {
  readonly entries: readonly [HistoryEntry, ...HistoryEntry[]];
  readonly because: FoldedBecause | undefined;
}

/** Splits the history into runs, in order. */
export function runsOf(history: readonly HistoryEntry[]): readonly Run[] {
  const runs: { entries: [HistoryEntry, ...HistoryEntry[]]; because: FoldedBecause | undefined; key: string }[] = [];
  let status: string | undefined;
  for (const entry of history) {
    const key = keyOf(entry, status);
    status = entry.after?.status ?? status;
    const last = runs.at(-1);
    if (key !== undefined && last?.key === key) last.entries.push(entry);
    else runs.push({ entries: [entry], because: key === undefined ? undefined : becauseOf(key), key: key ?? '' });
  }
  return runs;
}

function becauseOf(key: string): FoldedBecause {
  return key === 'ignored' ? 'ignored' : 'branches';
}

/** Entries with the same key form a run; those without stand alone. */
function keyOf(entry: HistoryEntry, statusBefore: string | undefined): string | undefined {
  if (entry.ignored !== undefined) return 'ignored';
  const event = eventOf(entry);
  const group = forEachOf(event.step ?? '');
  if (group === undefined || event.kind !== 'replied' || !isReply(event) || isMilestone(entry, statusBefore))
    return undefined;
  const goesOn = entry.sent.every(
    ({ step, direction, attempt, again }) =>
      forEachOf(step) === group && direction === event.direction && attempt === 1 && !again,
  );
  return goesOn ? `branches of ${group}, ${event.direction ?? ''}` : undefined;
}

/** True when the entry changed more than steps: that must not be hidden in a run. */
function isMilestone({ after }: HistoryEntry, statusBefore: string | undefined): boolean {
  if (after === undefined) return false;
  const { status, pause, cause, steps } = after;
  const holds = steps.some(({ waitsFor }) => waitsFor === 'hold');
  return status !== statusBefore || pause !== undefined || cause !== undefined || holds;
}
