/*
 * The orchestrators' database as their statements use it (store/saga-statements.ts, runner/timers.ts,
 * holds/hold-store.ts, messaging/outbox.ts); each statement is atomic.
 */
import { hasEnded, type HistoryEntry, type SagaState } from '../../src/engine';
import type { HeldStep } from '../../src/holds/held-step';
import type { SagaDelta } from '../../src/statistics';
import type { OutgoingCommand, SagaUpdate, StoredSaga } from '../../src/store/saga-store';

/** How long the claim of a timer, or of a step to release, lasts. */
export const LEASE_MS = 10_000;
export const SWEPT_AFTER_MS = 2_000;

interface OutboxRow extends OutgoingCommand {
  readonly createdAt: number;
  locked: boolean;
}

interface HeldStepRow extends HeldStep {
  readonly released: boolean;
  claimedUntil?: number;
}

export class OrchestratorDatabase {
  readonly histories = new Map<string, HistoryEntry[]>();
  readonly timers = new Map<string, number>();
  readonly outbox = new Map<string, OutboxRow>();
  readonly heldSteps = new Map<string, HeldStepRow>();
  /** What sagas have added to the statistics. */
  readonly deltas: SagaDelta[] = [];
  private readonly rows = new Map<string, StoredSaga>();

  /** `asText`: states are stored as JSON text as on disk, which takes longer. */
  constructor(private readonly asText: boolean) {}

  get sagas(): IterableIterator<StoredSaga> {
    return this.rows.values();
  }

  find(id: string): StoredSaga | undefined {
    return this.rows.get(id);
  }

  /**
   * Saves updates whose saga still has the revision and the timer that they are based on; returns the ids of those
   * sagas.
   */
  save(updates: readonly SagaUpdate[], acknowledged: readonly string[], now: number): Set<string> {
    const saved = new Set<string>();
    for (const update of updates) if (this.isCurrent(update)) saved.add(this.write(update, now));
    for (const id of acknowledged) this.outbox.delete(id);
    return saved;
  }

  /** Claims the sagas whose timers have fired; they fire again later unless they are saved. */
  claimDue(now: number): readonly string[] {
    const due = [...this.timers].filter(([, fireAt]) => fireAt <= now).map(([id]) => id);
    const live = due.filter((id) => this.find(id)?.state.wakeAt !== undefined);
    for (const id of due) this.timers.delete(id);
    for (const id of live) this.timers.set(id, now + LEASE_MS);
    return live;
  }

  /** The waiting steps that no active hold concerns and no process has claimed. */
  releasable(now: number, isHeld: (step: HeldStep) => boolean): readonly HeldStepRow[] {
    return [...this.heldSteps.values()].filter(
      (row) =>
        !row.released &&
        (row.claimedUntil ?? now) <= now &&
        this.find(row.sagaId)?.state.status !== 'PAUSED' &&
        !isHeld(row),
    );
  }

  /** Locks the rows that are old enough to be swept and that no other process is sweeping. */
  lockUnsent(now: number): readonly OutboxRow[] {
    const rows = [...this.outbox.values()].filter(
      ({ createdAt, locked }) => !locked && createdAt + SWEPT_AFTER_MS <= now,
    );
    for (const row of rows) row.locked = true;
    return rows;
  }

  /** The sagas that are paused because their definition is missing. */
  missed(): readonly SagaState[] {
    return [...this.rows.values()]
      .map(({ state }) => state)
      .filter(({ pause }) => pause?.reason === 'definition-missing');
  }

  get hasLiveSagas(): boolean {
    return [...this.rows.values()].some(({ state }) => !hasEnded(state));
  }

  private isCurrent({ state: { id }, before }: SagaUpdate): boolean {
    const row = this.rows.get(id);
    return row?.revision === before?.revision && row?.armedAt === before?.armedAt;
  }

  private write({ state, revision, armedAt, before, history, outbox, held, delta }: SagaUpdate, now: number): string {
    const kept = this.asText ? (JSON.parse(JSON.stringify(state)) as SagaState) : state;
    this.rows.set(state.id, { state: kept, revision, armedAt });
    const entries = this.histories.get(state.id) ?? [];
    this.histories.set(state.id, entries);
    entries.push(...history);
    if (armedAt !== undefined && armedAt !== before?.armedAt) this.timers.set(state.id, armedAt);
    for (const command of outbox)
      if (!this.outbox.has(command.id)) this.outbox.set(command.id, { ...command, createdAt: now, locked: false });
    for (const { sagaId, step } of held.gone) this.heldSteps.delete(`${sagaId} ${step}`);
    for (const row of held.kept) this.heldSteps.set(`${row.sagaId} ${row.step}`, { ...row });
    if (delta) this.deltas.push(delta);
    return state.id;
  }
}
