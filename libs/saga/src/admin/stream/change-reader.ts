import { STREAM_CHANGE_MINUTES, type SagaStore } from '../../store';
import type { Tables } from '../../messaging';
import type { ChangeKind } from './stream-events';
import { positionOf, UNKNOWN_POSITION, type StreamPosition } from './stream-position';

/** What changed after a position. */
export interface Changes {
  /** The position that contains these changes. */
  readonly position: StreamPosition;
  /** Their ids in order, so that the newest are the last. */
  readonly sagas: readonly string[];
  readonly others: ReadonlyMap<ChangeKind, readonly string[]>;
}

/** Why the changes after a position cannot be told. */
export interface Lost {
  readonly position: StreamPosition;
  readonly reason: 'too-old' | 'too-many-changes' | 'unknown-position';
  readonly detail: string;
}

/** More entries of histories than this are not read at once. */
export const MOST_ENTRIES = 20_000;

const NOW = `pg_current_snapshot()::text AS snapshot, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at`;

/**
 * Reads what the transactions wrote that are not contained in a snapshot, and the snapshot of this statement. What it
 * sees was committed before; what commits later is not contained in that snapshot. `$1`: the first transaction that had
 * not begun; `$2`: those that were running.
 */
const sinceIn = ({ saga_history, stream_change }: Tables): string => {
  const after = (columns: string, table: string): string => `
    SELECT ${columns} FROM ${table} WHERE xid >= $1::xid8 UNION ALL SELECT ${columns} FROM ${table} WHERE xid = ANY ($2::xid8[])`;
  return `
    SELECT ${NOW}, history.entries, history.sagas,
           ARRAY (SELECT DISTINCT kind || ' ' || id FROM (${after('kind, id', stream_change)} LIMIT $4) AS other) AS others
    FROM (
      SELECT count(*)::int AS entries, coalesce(array_agg(DISTINCT saga_id ORDER BY saga_id), '{}') AS sagas
      FROM (${after('saga_id', saga_history)} LIMIT $3) AS entry
    ) AS history`;
};

interface Row {
  readonly snapshot: string;
  readonly at: number;
  readonly entries: number;
  readonly sagas: readonly string[];
  readonly others: readonly string[];
}

/** Reads what changed, for the live stream. */
export class ChangeReader {
  private readonly sinceText: string;

  constructor(private readonly store: SagaStore) {
    this.sinceText = sinceIn(store.tables);
  }

  /** The present position: everything that is committed. */
  async now(): Promise<StreamPosition> {
    const { rows } = await this.store.pool.query<Pick<Row, 'at' | 'snapshot'>>(`SELECT ${NOW}`);
    const { at, snapshot } = rows[0] as Row;
    return positionOf(at, snapshot);
  }

  /** What was committed after a position. */
  async since(after: StreamPosition): Promise<Changes | Lost> {
    if (after === UNKNOWN_POSITION)
      return { position: await this.now(), reason: 'unknown-position', detail: 'The id is not one of this stream.' };
    const { at, next, running } = after;
    // One more than are told shows that there are more.
    const values = [String(next), running.map(String), MOST_ENTRIES + 1, MOST_ENTRIES + 1];
    const { rows } = await this.store.pool.query<Row>(this.sinceText, values);
    const { sagas, entries, others, ...now } = rows[0] as Row;
    const position = positionOf(now.at, now.snapshot);
    if (next > position.next)
      return {
        position,
        reason: 'unknown-position',
        detail: 'The database has not come to this position: it is another one.',
      };
    if (position.at - at > STREAM_CHANGE_MINUTES * 60_000)
      return { position, reason: 'too-old', detail: `The position is older than ${STREAM_CHANGE_MINUTES} minutes.` };
    if (entries > MOST_ENTRIES || others.length > MOST_ENTRIES)
      return {
        position,
        reason: 'too-many-changes',
        detail: `More than ${MOST_ENTRIES} changes have been made since.`,
      };
    return { position, sagas, others: byKind(others) };
  }
}

function byKind(others: readonly string[]): ReadonlyMap<ChangeKind, readonly string[]> {
  const kinds = new Map<ChangeKind, string[]>();
  for (const other of others) {
    const [kind, id] = other.split(' ') as [ChangeKind, string];
    kinds.set(kind, [...(kinds.get(kind) ?? []), id]);
  }
  return kinds;
}
