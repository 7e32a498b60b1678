import { poolOf } from '@palinode/saga/participant';
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const LOOK_EVERY_MS = 200;

/** Who holds what a connection waits for. */
const HOLDERS = `
  SELECT holder.pid, usename AS role, application_name AS application, state, left(query, 100) AS query,
         extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds
    FROM unnest(pg_blocking_pids($1)) AS holder (pid) LEFT JOIN pg_stat_activity activity ON activity.pid = holder.pid`;

interface Holder {
  readonly pid: number;
  /** Unknown, as what follows, when it has ended meanwhile; but for the application and the role, hidden of other roles. */
  readonly role: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly query: string | null;
  readonly seconds: number | null;
}

/** Looks, on a second connection, whether a transaction waits for a lock, and cancels it when it has waited for too long. */
export class LockWatch {
  /** Who held the lock for which the transaction was canceled. */
  canceledFor: string | undefined;
  /** Whether it may be canceled; whoever waits may keep others waiting behind it. */
  cancels = false;
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;
  private waitsSince: number | undefined;
  /** Of whom was told. */
  private told = '';

  constructor(
    private readonly dataSource: DataSource,
    private readonly pid: number,
    private readonly lockWaitMs: number,
    /** Told whenever somebody else holds the lock. */
    private readonly onWait: (holders: string) => void,
  ) {
    this.watching = this.watch();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // A database that is away ends the transaction as well, and whoever runs it is told.
      await this.look().catch(() => undefined);
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    // As it was before the question: by the answer it may wait for something else.
    const { cancels } = this;
    const pool = poolOf(this.dataSource);
    const { rows } = await pool.query<Holder>(HOLDERS, [this.pid]);
    const holders = rows.map(nameOf).join('; ');
    const pids = rows.map(({ pid }) => pid).join();
    if (rows.length > 0 && pids !== this.told) this.onWait(holders);
    this.told = pids;
    if (rows.length === 0 || !cancels) {
      this.waitsSince = undefined;
      return;
    }
    this.waitsSince ??= performance.now();
    if (performance.now() - this.waitsSince < this.lockWaitMs) return;
    this.canceledFor = holders;
    await pool.query('SELECT pg_cancel_backend($1)', [this.pid]);
  }
}

function nameOf({ pid, role, application, state, query, seconds }: Holder): string {
  if (pid === 0) return 'a prepared transaction (see pg_prepared_xacts)';
  const of = `process ${pid} of the role ${role ?? 'unknown'} (${application || 'no application name'})`;
  return state === null ? of : `${of}, ${state}, in a transaction for ${seconds ?? 0} s: ${query ?? ''}`;
}
