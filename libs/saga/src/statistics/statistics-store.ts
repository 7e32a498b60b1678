/*
 * The statistics of sagas, in SQL. Updates of sagas only add rows to saga_delta. These are rolled up here by one instance
 * at a time, which moves what they say to rows by interval, in one transaction: so what is counted stays exact when an
 * instance dies, and no two updates of sagas write the same row.
 */
import type { Pool, PoolClient } from 'pg';
import { millis, ADVISORY_LOCKS, inTransaction, type Tables } from '../messaging';
import { sumOf, type Counts } from './counts';
import { MINUTE_MS, type SagaDelta } from './saga-delta';

/** How long the counts of an interval are kept, by its length in seconds. */
export const KEPT_SECONDS: Readonly<Record<number, number>> = {
  60: 4 * 3_600,
  600: 2 * 86_400,
  3_600: 31 * 86_400,
};
const INTERVALS = Object.keys(KEPT_SECONDS).map(Number);
/** How many rows of saga_delta are rolled up in one transaction. */
const AT_ONCE = 1_000;

/** What became of the sagas of a definition in an interval. */
export interface IntervalCounts {
  readonly definition: string;
  /** When it begins, in milliseconds since 1970. */
  readonly at: number;
  readonly counts: Counts;
}

/** How many sagas of a version have not ended. */
export interface OpenSagas {
  readonly definition: string;
  readonly version: number;
  readonly open: number;
  /** In which minute the oldest started, in milliseconds since 1970. */
  readonly oldest: number;
}

export class StatisticsStore {
  private readonly sql: ReturnType<typeof statementsOn>;

  constructor(
    private readonly pool: Pool,
    tables: Tables,
  ) {
    this.sql = statementsOn(tables);
  }

  /** Rolls up some of what was added; resolves with whether there may be more. Does nothing while another instance does it. */
  async rollUp(): Promise<boolean> {
    const { rowCount } = await this.pool.query({ name: 'palinode-any-delta', text: this.sql.findDelta });
    if (rowCount === 0) return false;
    return inTransaction(this.pool, async (client) => {
      if (!(await this.isAlone(client))) return false;
      return (await this.rollUpSome(client)) === AT_ONCE;
    });
  }

  /**
   * Counts the sagas that have not ended anew if their number is wrong, and resolves with whether it was. It is after an
   * update of the library: instances of an earlier release count nothing.
   */
  async repairOpen(): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      // One snapshot: what is rolled up is just what the sagas in it have added.
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      if (!(await this.isAlone(client))) return false;
      while ((await this.rollUpSome(client)) > 0);
      const { rowCount } = await client.query(this.sql.findWrongOpen);
      if (rowCount === 0) return false;
      await client.query(this.sql.deleteOpen);
      await client.query(this.sql.countOpen);
      return true;
    });
  }

  /** Deletes the intervals that are no longer kept. */
  async deleteOld(): Promise<void> {
    await this.pool.query(this.sql.deleteOld, [INTERVALS, INTERVALS.map((seconds) => KEPT_SECONDS[seconds])]);
  }

  /** The counts of intervals of this length that begin at this time or later, of one definition or all. */
  async read(seconds: number, from: number, definition?: string): Promise<IntervalCounts[]> {
    const { rows } = await this.pool.query<IntervalCounts>({
      name: definition === undefined ? 'palinode-statistics' : 'palinode-statistics-of',
      text: definition === undefined ? this.sql.read : `${this.sql.read} AND definition = $3`,
      values: [seconds, from, ...(definition === undefined ? [] : [definition])],
    });
    return rows;
  }

  /** The versions with sagas that have not ended. */
  async open(): Promise<OpenSagas[]> {
    const { rows } = await this.pool.query<OpenSagas>({ name: 'palinode-open-sagas', text: this.sql.readOpen });
    return rows;
  }

  /** Until its transaction ends, no other instance rolls up. */
  private async isAlone(client: PoolClient): Promise<boolean> {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
      ADVISORY_LOCKS.statistics,
    ]);
    return rows[0]?.mine === true;
  }

  private async rollUpSome(client: PoolClient): Promise<number> {
    const { rows } = await client.query<{ deltas: string }>(this.sql.takeDeltas, [AT_ONCE]);
    const deltas = rows.flatMap((row) => row.deltas.split('\n').map((each) => JSON.parse(each) as SagaDelta));
    await this.addCounts(client, deltas);
    await this.addOpen(client, deltas);
    return rows.length;
  }

  private async addCounts(client: PoolClient, deltas: readonly SagaDelta[]): Promise<void> {
    const added = [...byInterval(deltas).values()];
    if (added.length === 0) return;
    const keys = [
      added.map(({ definition }) => definition),
      added.map(({ seconds }) => seconds),
      added.map(({ at }) => at),
    ];
    const { rows } = await client.query<{ n: string; counts: Counts }>(this.sql.findCounts, keys);
    const known = new Map(rows.map(({ n, counts }) => [Number(n), counts]));
    const sums = added.map(({ counts }, index) => sumOf([known.get(index + 1) ?? {}, ...counts]));
    await client.query(this.sql.saveCounts, [...keys, sums.map((sum) => JSON.stringify(sum))]);
  }

  private async addOpen(client: PoolClient, deltas: readonly SagaDelta[]): Promise<void> {
    const changes = deltas.flatMap(({ definition, open }) => open.map((each) => ({ definition, ...each })));
    if (changes.length === 0) return;
    const values = [
      changes.map(({ definition }) => definition),
      changes.map(({ version }) => version),
      changes.map(({ started }) => started * MINUTE_MS),
      changes.map(({ change }) => change),
    ];
    await client.query(this.sql.addOpen, values);
    await client.query(this.sql.forgetNotOpen, values.slice(0, 3));
  }
}

interface AddedCounts {
  readonly definition: string;
  readonly seconds: number;
  readonly at: number;
  readonly counts: Counts[];
}

/** Each delta counts in one interval of each length; most are of the same minute, so they are summed once. */
function byInterval(deltas: readonly SagaDelta[]): Map<string, AddedCounts> {
  const added = new Map<string, AddedCounts>();
  for (const { definition, minute, counts } of byMinute(deltas).values()) {
    const sum = sumOf(counts);
    for (const seconds of INTERVALS) {
      const at = Math.floor((minute * MINUTE_MS) / (seconds * 1_000)) * seconds * 1_000;
      const key = `${seconds} ${at} ${definition}`;
      const known = added.get(key);
      if (known) known.counts.push(sum);
      else added.set(key, { definition, seconds, at, counts: [sum] });
    }
  }
  return added;
}

type CountsOfAMinute = Pick<SagaDelta, 'definition' | 'minute'> & { readonly counts: Counts[] };

function byMinute(deltas: readonly SagaDelta[]): Map<string, CountsOfAMinute> {
  const minutes = new Map<string, CountsOfAMinute>();
  for (const { definition, minute, counts } of deltas) {
    if (Object.keys(counts).length === 0) continue;
    const key = `${minute} ${definition}`;
    const known = minutes.get(key);
    if (known) known.counts.push(counts);
    else minutes.set(key, { definition, minute, counts: [counts] });
  }
  return minutes;
}

const OPEN = `('RUNNING', 'COMPENSATING', 'PAUSED')`;

function statementsOn({ saga, saga_delta, saga_statistic, open_saga }: Tables) {
  return {
    findDelta: `SELECT FROM ${saga_delta} LIMIT 1`,
    takeDeltas: `
      DELETE FROM ${saga_delta} WHERE id = ANY (ARRAY (SELECT id FROM ${saga_delta} ORDER BY id LIMIT $1)) RETURNING deltas`,
    findCounts: `
      SELECT wanted.n, statistic.counts
      FROM unnest($1::text[], $2::int[], $3::float8[]) WITH ORDINALITY AS wanted (definition, seconds, at, n)
        JOIN ${saga_statistic} AS statistic ON statistic.definition = wanted.definition AND statistic.seconds = wanted.seconds
         AND statistic.at = to_timestamp(wanted.at / 1000)`,
    saveCounts: `
      INSERT INTO ${saga_statistic} (definition, seconds, at, counts)
      SELECT definition, seconds, to_timestamp(at / 1000), counts::jsonb
      FROM unnest($1::text[], $2::int[], $3::float8[], $4::text[]) AS s (definition, seconds, at, counts)
      ON CONFLICT (definition, seconds, at) DO UPDATE SET counts = excluded.counts`,
    addOpen: `
      INSERT INTO ${open_saga} AS open_saga (definition, version, started, open)
      SELECT definition, version, to_timestamp(started / 1000), sum(change)
      FROM unnest($1::text[], $2::int[], $3::float8[], $4::int[]) AS c (definition, version, started, change)
      GROUP BY definition, version, started HAVING sum(change) <> 0
      ON CONFLICT (definition, version, started) DO UPDATE SET open = open_saga.open + excluded.open`,
    forgetNotOpen: `
      DELETE FROM ${open_saga} AS open_saga USING (
        SELECT DISTINCT * FROM unnest($1::text[], $2::int[], $3::float8[]) AS c (definition, version, started)
      ) AS changed
      WHERE open_saga.definition = changed.definition AND open_saga.version = changed.version
        AND open_saga.started = to_timestamp(changed.started / 1000) AND open_saga.open = 0`,
    /** Definitions with another number of sagas that have not ended. Reads an index of the sagas, not the sagas. */
    findWrongOpen: `
      SELECT definition FROM (
        SELECT definition, count(*) AS open FROM ${saga} WHERE status IN ${OPEN} GROUP BY definition
      ) AS sagas FULL JOIN (
        SELECT definition, sum(open) AS open FROM ${open_saga} GROUP BY definition
      ) AS counted USING (definition)
      WHERE sagas.open IS DISTINCT FROM counted.open`,
    deleteOpen: `DELETE FROM ${open_saga}`,
    countOpen: `
      INSERT INTO ${open_saga} (definition, version, started, open)
      SELECT definition, version, date_trunc('minute', started_at, 'UTC') AS started, count(*)
      FROM ${saga} WHERE status IN ${OPEN} GROUP BY definition, version, started`,
    deleteOld: `
      DELETE FROM ${saga_statistic} AS statistic USING unnest($1::int[], $2::int[]) AS kept (seconds, for_seconds)
      WHERE statistic.seconds = kept.seconds AND at < statement_timestamp() - kept.for_seconds * interval '1 s'`,
    read: `
      SELECT definition, ${millis('at')} AS at, counts FROM ${saga_statistic}
      WHERE seconds = $1 AND at >= to_timestamp($2::float8 / 1000)`,
    readOpen: `
      SELECT definition, version, sum(open)::int AS open, ${millis('min(started)')} AS oldest
      FROM ${open_saga} WHERE open > 0 GROUP BY definition, version`,
  } as const;
}
