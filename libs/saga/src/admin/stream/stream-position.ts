/*
 * A position is a snapshot of the database (https://www.postgresql.org/docs/current/functions-info.html, pg_snapshot):
 * which transactions had committed. What a client has not been told is what the transactions wrote that its snapshot does
 * not contain. So no change is skipped, in whatever order transactions commit, and none waits for an older one.
 */

/** What a client has been told. Its text is the id of events, by which a client continues at any instance. */
export interface StreamPosition {
  /** When it was taken, by the database's clock, in milliseconds since 1970. */
  readonly at: number;
  /** The first transaction that had not begun; no later one is contained. */
  readonly next: bigint;
  /** Earlier transactions that were still running. */
  readonly running: readonly bigint[];
}

/** The position of a client whose id of an event is none. */
export const UNKNOWN_POSITION: StreamPosition = { at: 0, next: 0n, running: [] };

const TEXT = /^(\d{1,15})\/\d{1,20}:(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/;
/** More transactions than a database runs at once. */
const LONGEST = 16_000;

/** Undefined when the text is not the id of an event. */
export function parsePosition(text: string): StreamPosition | undefined {
  const [, at, next, running] = (text.length > LONGEST ? undefined : TEXT.exec(text)) ?? [];
  if (at === undefined || next === undefined || running === undefined) return undefined;
  return {
    at: Number(at),
    next: BigInt(next),
    running: running === '' ? [] : running.split(',').map(BigInt),
  };
}

/** The position of a snapshot as PostgreSQL writes it: `10:20:10,14,15`. */
export function positionOf(at: number, snapshot: string): StreamPosition {
  const position = parsePosition(`${Math.trunc(at)}/${snapshot}`);
  if (position === undefined) throw new Error(`PostgreSQL answered with the snapshot ${snapshot}, which is none.`);
  return position;
}

export function textOf({ at, next, running }: StreamPosition): string {
  return `${at}/${running[0] ?? next}:${next}:${running.join(',')}`;
}
