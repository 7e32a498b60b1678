/*
 * The inbox is partitioned by the day in the message's id, so that deleting old rows means dropping a table. A message
 * older than the retention can no longer be recognized, and one from the future not yet; neither is handled.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { INBOX_DAYS } from '../deduplication';
import { ADVISORY_LOCKS, poolOf, RecurringTask, TABLES, type Log, type Tables } from '../messaging';

const DAY_MS = 86_400_000;
const THIRD_PARTY_CALL_DAYS = 400;
/** Every writer to the inbox waits behind a waiting lock request, so it waits briefly and rarely. */
const LOCK_TIMEOUT = '500ms';
const RETRY_MS = 30_000;

/** How long a participant remembers what it has done. */
export interface RetentionOptions {
  /** How many days a message id is remembered; longer than any command may be re-sent. @default 8 */
  readonly inboxDays?: number;
  /**
   * How many days the result of a third party (`once`) is stored when its step is never settled, as in a saga that
   * stays paused. After that the third party would be called again. @default 400
   */
  readonly thirdPartyCallDays?: number;
}

export interface RetentionSettings extends RetentionOptions {
  /** @default those without a schema and a prefix */
  readonly tables?: Tables;
}

/** Creates the partitions of the next days and drops expired ones. Safe in any number of instances. */
export async function renewPartitions(
  dataSource: DataSource,
  { inboxDays = INBOX_DAYS, tables = TABLES }: RetentionSettings,
): Promise<string[]> {
  const { inbox } = tables;
  const partitionOf = (day: string): string => tables.local(`inbox_${day.replaceAll('-', '')}`);
  const isPartition = new RegExp(`^${partitionOf(String.raw`\d{8}`)}$`);
  return dataSource.transaction(async (tx) => {
    await tx.query(`SELECT set_config('lock_timeout', '${LOCK_TIMEOUT}', true), pg_advisory_xact_lock($1)`, [
      ADVISORY_LOCKS.inboxPartitions,
    ]);
    // Partitions are created in the schema of the inbox, whichever that is.
    await tx.query(
      `SELECT set_config('search_path', relnamespace::regnamespace::text, true) FROM pg_class WHERE oid = '${inbox}'::regclass`,
    );
    const [{ now }]: [{ now: number }] = await tx.query('SELECT (extract(epoch FROM now()) * 1000)::float8 AS now');
    const rows: { name: string }[] = await tx.query(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '${inbox}'::regclass`,
    );
    const existing = new Set(rows.map(({ name }) => name));
    const missing = [-1, 0, 1, 2, 3].filter((ahead) => !existing.has(partitionOf(dayAt(now, ahead))));
    const oldest = partitionOf(dayAt(now, -inboxDays));
    const past = [...existing].filter((name) => isPartition.test(name) && name < oldest);
    // Every writer goes through the parent, so it is locked first: if we held a partition, we would wait for writers
    // that wait for us.
    if (missing.length + past.length > 0) await tx.query(`LOCK TABLE ONLY ${inbox} IN ACCESS EXCLUSIVE MODE`);
    for (const ahead of missing) {
      const day = dayAt(now, ahead);
      await createPartition(tx, tables, { name: partitionOf(day), day, next: dayAt(now, ahead + 1) });
    }
    for (const name of past) await tx.query(`DROP TABLE ${name}`);
    return past;
  });
}

/** Deletes stored results of third parties whose steps were never settled; returns how many. */
async function deleteOldCalls(
  dataSource: DataSource,
  { thirdPartyCallDays = THIRD_PARTY_CALL_DAYS, tables = TABLES }: RetentionSettings,
): Promise<number> {
  const text = `DELETE FROM ${tables.third_party_call} WHERE at < now() - make_interval(days => $1)`;
  const { rowCount } = await poolOf(dataSource).query(text, [thirdPartyCallDays]);
  return rowCount ?? 0;
}

/** Moves rows that arrived for the day before its partition existed, such as while no instance was running. */
async function createPartition(
  tx: EntityManager,
  { inbox, inbox_rest }: Tables,
  { name, day, next }: { readonly name: string; readonly day: string; readonly next: string },
): Promise<void> {
  await tx.query(`CREATE TABLE ${name} (LIKE ${inbox} INCLUDING ALL)`);
  await tx.query(
    `WITH gone AS (DELETE FROM ${inbox_rest} WHERE day = $1 RETURNING *) INSERT INTO ${name} SELECT * FROM gone`,
    [day],
  );
  await tx.query(`ALTER TABLE ${inbox} ATTACH PARTITION ${name} FOR VALUES FROM ('${day}') TO ('${next}')`);
}

/**
 * Maintains the partitions at the start, then every hour. A lock that prevents this, such as that of a backup that has
 * read the inbox, does not prevent the start: messages of a day without a partition go to the default one in the
 * meantime.
 */
export class Retention {
  private readonly task: RecurringTask;
  private tried: (() => void) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: RetentionSettings,
    private readonly log: Log,
    retryMs = RETRY_MS,
  ) {
    const work = (): Promise<boolean> => this.renew().finally(() => this.tried?.());
    this.task = new RecurringTask({
      name: 'create and drop partitions of the inbox',
      everyMs: DAY_MS / 24,
      retryMs,
      work,
      log,
    });
  }

  /** Resolves after the first run, whether it succeeded or not; after a failure it retries by itself. */
  async start(): Promise<void> {
    const tried = new Promise<void>((resolve) => (this.tried = resolve));
    this.task.start();
    await tried;
  }

  async stop(): Promise<void> {
    this.tried?.();
    await this.task.stop();
  }

  private async renew(): Promise<boolean> {
    const dropped = await renewPartitions(this.dataSource, this.options);
    if (dropped.length > 0)
      this.log.log(`dropped ${dropped.join(', ')}: messages of those days are no longer recognized`);
    const deleted = await deleteOldCalls(this.dataSource, this.options);
    if (deleted > 0) this.log.warn(`deleted ${deleted} stored results of third parties whose steps were never settled`);
    return false;
  }
}

function dayAt(now: number, ahead: number): string {
  return new Date(now + ahead * DAY_MS).toISOString().slice(0, 10);
}
