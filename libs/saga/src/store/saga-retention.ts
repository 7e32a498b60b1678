/*
 * Deletes sagas, with their history, some time after they have ended. The saga's row is what makes a repeated start
 * recognisable. Therefore no saga begins whose id, a UUIDv7, is as old as those that may have been deleted. Sagas whose
 * ids are of another kind, and children whose parent still exists, are kept.
 */
import { NIL } from 'uuid';
import { instantOf, isUuid, isUuidV7, lowestIdAt } from '../contract';
import type { SagaState } from '../engine';
import { RecurringTask, timeOf, type Log } from '../messaging';
import type { SagaStore } from './saga-store';

const DAY_MS = 86_400_000;

interface Examined {
  readonly id: string;
  readonly old: boolean;
  readonly state: string | null;
}

function parentIn(state: string | null): string | null {
  if (state === null) return null;
  const { parent } = JSON.parse(state) as Partial<SagaState>;
  return isUuid(parent?.sagaId) ? parent.sagaId : null;
}

/** Whether an unknown saga with this id may have been deleted, so that it must not begin again. */
export function mayBeDeleted(sagaId: string, nowMs: number, days: number): boolean {
  // A day before any saga is deleted, to tolerate a clock that is slightly wrong.
  return isUuidV7(sagaId) && instantOf(sagaId) < nowMs - (days - 1) * DAY_MS;
}

export interface SagaRetentionOptions {
  /** For how many days after its end a saga is kept. */
  readonly days: number;
  readonly log: Log;
  /** @default 3600000 */
  readonly everyMs?: number;
  /** How many sagas are looked at in one query. @default 500 */
  readonly atOnce?: number;
}

/** Runs at the start, then every hour, some hundred sagas at a time. Safe in any number of instances. */
export class SagaRetention {
  private readonly task: RecurringTask;
  private readonly days: number;
  private readonly log: Log;
  private readonly atOnce: number;
  private last: string = NIL;
  private deleted = 0;

  constructor(
    private readonly store: SagaStore,
    { days, log, everyMs = 3_600_000, atOnce = 500 }: SagaRetentionOptions,
  ) {
    this.days = days;
    this.log = log;
    this.atOnce = atOnce;
    this.task = new RecurringTask({ name: 'delete ended sagas', everyMs, work: () => this.deleteSome(), log });
  }

  start(): void {
    if (this.days !== Infinity) this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Examines the next sagas in the order of their ids, the oldest first; resolves with whether there are more. */
  async deleteSome(): Promise<boolean> {
    const before = (await timeOf(this.store.pool)) - this.days * DAY_MS;
    const { rows: examined } = await this.store.pool.query<Examined>({
      name: 'palinode-examine-ended',
      text: this.store.statements.examineEnded,
      values: [this.last, lowestIdAt(before), before, this.atOnce],
    });
    this.deleted += await this.deleteOld(
      examined.filter(({ old }) => old),
      before,
    );
    const more = examined.length === this.atOnce;
    this.last = (more ? examined.at(-1)?.id : undefined) ?? NIL;
    if (!more) this.logDeleted();
    return more;
  }

  private async deleteOld(old: readonly Examined[], endedBefore: number): Promise<number> {
    if (old.length === 0) return 0;
    const { rows } = await this.store.pool.query<{ gone: number }>({
      name: 'palinode-delete-ended',
      text: this.store.statements.deleteEnded,
      values: [old.map(({ id }) => id), old.map(({ state }) => parentIn(state)), endedBefore],
    });
    return rows[0]?.gone ?? 0;
  }

  private logDeleted(): void {
    if (this.deleted > 0) this.log.log(`deleted ${this.deleted} sagas that ended more than ${this.days} days ago`);
    this.deleted = 0;
  }
}
