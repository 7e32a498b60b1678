import { poolOf } from '@palinode/saga/participant';
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const POLL_INTERVAL_MS = 200;

/** The sessions that block a connection. */
const HOLDERS = `
  SELECT holder.pid, usename AS role, application_name AS application, state, left(query, 100) AS query,
         extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds
    FROM unnest(pg_blocking_pids($1)) AS holder (pid) LEFT JOIN pg_stat_activity activity ON activity.pid = holder.pid`;

interface Holder {
  readonly pid: number;
  /**
   * Null when the session has ended; the later columns are null for sessions of other roles, except application and role.
   */
  readonly role: string | null;
  readonly application: string | null;
  readonly state: string | null;
  readonly query: string | null;
  readonly seconds: number | null;
}

/** Polls on a second connection whether a transaction waits for a lock, and cancels it when it has waited for too long. */
export class LockWatch {
  /** The holders of the lock for which the transaction was canceled. */
  canceledFor: string | undefined;
  /** Whether the transaction may be canceled; while it waits, others may wait behind it. */
  cancels = false;
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;
  private waitsSince: number | undefined;
  /** The holders that were reported last. */
  private reported = '';

  constructor(
    private readonly dataSource: DataSource,
    private readonly pid: number,
    private readonly lockWaitMs: number,
    /** Called whenever the lock's holders change. */
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
      // An unreachable database also ends the watched transaction, and its caller handles that.
      await this.poll().catch(() => undefined);
      await wait(POLL_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async poll(): Promise<void> {
    // Compares with the state before the query: by now the transaction may wait for another lock.
    const { cancels } = this;
    const pool = poolOf(this.dataSource);
    const { rows } = await pool.query<Holder>(HOLDERS, [this.pid]);
    const holders = rows.map(nameOf).join('; ');
    const pids = rows.map(({ pid }) => pid).join();
    if (rows.length > 0 && pids !== this.reported) this.onWait(holders);
    this.reported = pids;
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
