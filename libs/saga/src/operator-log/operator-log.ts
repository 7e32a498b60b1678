import type { Pool } from 'pg';
import { TABLES, type Tables } from '../messaging';
import { follow, isBroken, START, type BrokenLink, type ChainedEntry, type ChainLink } from './chain';

const PAGE = 1_000;

const entriesIn = ({ operator_action }: Tables): string => `
  SELECT position, encode(previous, 'hex') AS previous, encode(hash, 'hex') AS hash, id,
         (extract(epoch FROM at) * 1000000)::bigint AS at, operator, action, target,
         coalesce(target_id::text, '') AS "targetId", coalesce(saga_id::text, '') AS "sagaId",
         coalesce(seq::text, '') AS seq, coalesce(bulk_action_id::text, '') AS "bulkActionId", event
  FROM ${operator_action} WHERE position > $1 ORDER BY position LIMIT $2`;

export type Verification =
  { readonly kind: 'intact'; readonly last: ChainLink } | { readonly kind: 'broken'; readonly broken: BrokenLink };

/** Reads and verifies the log of everything that operators did. */
export class OperatorLog {
  constructor(
    private readonly pool: Pool,
    private readonly tables: Tables = TABLES,
  ) {}

  /** All entries after a position, in their order, a page at a time. */
  async *entries(after = START.position): AsyncGenerator<readonly ChainedEntry[]> {
    for (let last = String(after); ;) {
      const { rows } = await this.pool.query<ChainedEntry>(entriesIn(this.tables), [last, PAGE]);
      const end = rows.at(-1);
      if (end === undefined) return;
      yield rows;
      last = end.position;
    }
  }

  /**
   * Computes the digest of every entry anew. With a link that was noted before, it also checks that this entry is still
   * the same.
   */
  async verify(noted?: ChainLink): Promise<Verification> {
    let last: ChainLink = START;
    let found = noted === undefined;
    for await (const page of this.entries()) {
      const next = follow(last, page);
      if (isBroken(next)) return { kind: 'broken', broken: next };
      found ||= page.some(({ position, hash }) => Number(position) === noted?.position && hash === noted.hash);
      last = next;
    }
    if (found || noted === undefined) return { kind: 'intact', last };
    const problem =
      last.position < noted.position
        ? `The log ends at ${last.position}: entries were cut off.`
        : 'It has another hash than was noted: the log was written anew.';
    return { kind: 'broken', broken: { position: noted.position, problem } };
  }
}
