/*
 * Forgets sagas, with their history, some time after they have ended. A saga's row is what a start that comes twice is
 * recognised by, so no saga begins any more whose id, a UUIDv7, is as old as those that may have been forgotten. Sagas whose
 * ids are of another kind, and children whose parent is still there, are kept.
 */
import { NIL } from 'uuid';
import { instantOf, isUuid, isUuidV7, lowestIdAt } from '../contract';
import type { SagaState } from '../engine';
import { RecurringTask, timeOf, type Log } from '../messaging';
import { FORGET_ENDED, LOOK_AT_ENDED } from './saga-statements';
import type { SagaStore } from './saga-store';

const DAY_MS = 86_400_000;

interface LookedAt {
  readonly id: string;
  readonly old: boolean;
  readonly state: string | null;
}

function parentIn(state: string | null): string | null {
  if (state === null) return null;
  const { parent } = JSON.parse(state) as Partial<SagaState>;
  return isUuid(parent?.sagaId) ? parent.sagaId : null;
}

/** Whether a saga of this id, of which nothing is known, may have been forgotten, so that it must not begin again. */
export function mayBeForgotten(sagaId: string, nowMs: number, days: number): boolean {
  // A day sooner than any is forgotten: a clock that is a little off must not decide.
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

/** Forgets at the start, then every hour, some hundred sagas at a time. Safe in any number of instances. */
export class SagaRetention {
  private readonly task: RecurringTask;
  private readonly days: number;
  private readonly log: Log;
  private readonly atOnce: number;
  private last: string = NIL;
  private forgotten = 0;

  constructor(
    private readonly store: SagaStore,
    { days, log, everyMs = 3_600_000, atOnce = 500 }: SagaRetentionOptions,
  ) {
    this.days = days;
    this.log = log;
    this.atOnce = atOnce;
    this.task = new RecurringTask({ name: 'forget ended sagas', everyMs, work: () => this.forgetSome(), log });
  }

  start(): void {
    if (this.days !== Infinity) this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Looks at the next sagas in the order of their ids, from the oldest on; resolves with whether there are more. */
  async forgetSome(): Promise<boolean> {
    const before = (await timeOf(this.store.pool)) - this.days * DAY_MS;
    const { rows: looked } = await this.store.pool.query<LookedAt>({
      name: 'palinode-look-at-ended',
      text: LOOK_AT_ENDED,
      values: [this.last, lowestIdAt(before), before, this.atOnce],
    });
    this.forgotten += await this.forget(
      looked.filter(({ old }) => old),
      before,
    );
    const more = looked.length === this.atOnce;
    this.last = (more ? looked.at(-1)?.id : undefined) ?? NIL;
    if (!more) this.tell();
    return more;
  }

  private async forget(old: readonly LookedAt[], endedBefore: number): Promise<number> {
    if (old.length === 0) return 0;
    const { rows } = await this.store.pool.query<{ gone: number }>({
      name: 'palinode-forget',
      text: FORGET_ENDED,
      values: [old.map(({ id }) => id), old.map(({ state }) => parentIn(state)), endedBefore],
    });
    return rows[0]?.gone ?? 0;
  }

  private tell(): void {
    if (this.forgotten > 0) this.log.log(`forgot ${this.forgotten} sagas, ended more than ${this.days} days ago`);
    this.forgotten = 0;
  }
}
