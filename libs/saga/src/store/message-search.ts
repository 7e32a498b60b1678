/*
 * Finds sagas by the id of a command, or of a message among the dead letters.
 *
 * A command's id is a UUIDv7 of the instant of the history entry that sent it first, and the entry contains the id.
 * `saga_history` has no index on the instant. It has one on the transaction, and transactions have ascending numbers, so
 * a binary search in that index finds the entries of a time (decision 0063).
 */
import { instantOf } from '../contract';
import type { Tables } from '../messaging';
import type { SagaStore } from './saga-store';

/** The beginning of an id of a command with eight digits fits 66 seconds; with seven, 17 minutes. */
const LEAST_DIGITS = 8;
/** One more than a list counts. */
const MOST_FOUND = 10_001;
/** How long after the instant of an entry its transaction may get its number. */
const SAVED_WITHIN_MS = 10_000;

/** Ids have hyphens at fixed places; the rest of an id that is given in part may be anything. */
const ID_PART =
  /^[0-9a-f]{1,8}$|^[0-9a-f]{8}-([0-9a-f]{0,4}|[0-9a-f]{4}-([0-9a-f]{0,4}|[0-9a-f]{4}-([0-9a-f]{0,4}|[0-9a-f]{4}-[0-9a-f]{0,12})))$/;
const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Returns the lowest and the highest id that begin with this text; undefined when none does. */
export function idsBeginningWith(text: string): readonly [string, string] | undefined {
  const part = text.toLowerCase();
  return ID_PART.test(part) ? [part + LOWEST.slice(part.length), part + HIGHEST.slice(part.length)] : undefined;
}

/** Which messages have ids that are or begin with a text. */
interface Sought {
  readonly ids: readonly [string, string];
  /** Between which instants the history entries were decided that sent such a command. */
  readonly first: number;
  readonly last: number;
  /** What is in such an entry. */
  readonly like: string;
}

function soughtBy(text: string): Sought | undefined {
  const ids = text.length < LEAST_DIGITS ? undefined : idsBeginningWith(text);
  if (ids === undefined) return undefined;
  const [first, last] = ids.map(instantOf) as [number, number];
  return { ids, first, last, like: `%"commandId":"${text.toLowerCase()}%` };
}

/** Returns the ids of the sagas with a command, or a dead letter, whose message id is or begins with this text. */
export async function sagasOfMessages({ pool, tables }: SagaStore, text: string): Promise<string[]> {
  const sought = soughtBy(text);
  if (sought === undefined) return [];
  const { ids, first, last, like } = sought;
  const around = [first - SAVED_WITHIN_MS, last + SAVED_WITHIN_MS];
  const { rows } = await pool.query<{ saga_id: string }>(statementIn(tables), [
    ...ids,
    first,
    last,
    like,
    around,
    MOST_FOUND,
  ]);
  return rows.map(({ saga_id }) => saga_id);
}

/**
 * Returns the condition for the same sagas, to be asked of given ones: it reads the histories of those that were open at
 * the time of the id. Undefined when no message has such an id.
 */
export function hasMessage(
  text: string,
  { saga_history, dead_letter }: Tables,
  value: (value: unknown) => string,
): string | undefined {
  const sought = soughtBy(text);
  if (sought === undefined) return undefined;
  const { ids, like } = sought;
  const [first, last] = [sought.first, sought.last].map((ms) => `to_timestamp(${value(ms)}::float8 / 1000)`);
  return `(
    saga.id IN (SELECT saga_id FROM ${dead_letter} WHERE message_id BETWEEN ${value(ids[0])}::uuid AND ${value(ids[1])}::uuid)
    OR saga.started_at <= ${last} AND (saga.ended_at IS NULL OR saga.ended_at >= ${first}) AND EXISTS (
      SELECT FROM ${saga_history} AS h
      WHERE h.saga_id = saga.id AND h.at BETWEEN ${first} AND ${last} AND h.sent LIKE ${value(like)}))`;
}

/**
 * The instants of entries are in the order of their transactions, except that each may be earlier by SAVED_WITHIN_MS. So a
 * search for an instant ends at most that much too late, and the range begins and ends that much further out.
 */
const statementIn = ({ saga_history, dead_letter }: Tables): string => `
  WITH RECURSIVE search AS (
    SELECT instant, low, high FROM unnest($6::float8[]) AS instant, (
      SELECT (SELECT xid FROM ${saga_history} WHERE xid IS NOT NULL ORDER BY xid LIMIT 1)::text::bigint AS low,
             (SELECT xid FROM ${saga_history} WHERE xid IS NOT NULL ORDER BY xid DESC LIMIT 1)::text::bigint + 1 AS high
    ) AS ends
    UNION ALL
    SELECT instant, CASE WHEN is_before THEN entry + 1 ELSE low END, CASE WHEN is_before THEN high ELSE middle END
    FROM search, LATERAL (SELECT (low + high) / 2 AS middle) AS half, LATERAL (
      SELECT at < to_timestamp(instant / 1000) AS is_before, xid::text::bigint AS entry FROM ${saga_history}
      WHERE xid >= middle::text::xid8 ORDER BY xid LIMIT 1
    ) AS next
    WHERE low < high
  )
  SELECT DISTINCT saga_id FROM (
    SELECT saga_id FROM ${saga_history}
    WHERE xid >= (SELECT min(low)::text::xid8 FROM search WHERE low = high)
      AND xid < (SELECT max(low)::text::xid8 FROM search WHERE low = high)
      AND at BETWEEN to_timestamp($3::float8 / 1000) AND to_timestamp($4::float8 / 1000) AND sent LIKE $5
    UNION ALL
    SELECT saga_id FROM ${dead_letter} WHERE message_id BETWEEN $1::uuid AND $2::uuid AND saga_id IS NOT NULL
  ) AS found LIMIT $7`;
