/*
 * The orchestrator's table of dead letters. A message is stored once per service that dead-lettered it. It is
 * identified by its place in its topic and by its content, because offsets start at 0 again in a topic that was created
 * again. A decision is one compare-and-set on the status: of two operators one decides, and the other learns of the
 * decision.
 */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { inTransaction, TABLES, type OriginalHeader, type ReceivedDeadLetter, type Tables } from '../messaging';
import { appendAction, originOf } from '../operator-log';
import type {
  DeadLetter,
  DeadLetterStatus,
  DeadLetterSummary,
  NewDeadLetterDecision,
  Override,
  RedriveResult,
} from './dead-letter';

const SUMMARY = `id, service, reason, detail, topic, partition, "offset", bytes, cut, message_id, type, saga_id, redrive_of, outcome, group_id,
  status, decided_by, decided_because, override_because, override_doubt, (extract(epoch FROM decided_at) * 1000)::float8 AS decided_at,
  (extract(epoch FROM sent_at) * 1000)::float8 AS sent_at, (extract(epoch FROM kept_at) * 1000)::float8 AS kept_at`;
const WHOLE = `${SUMMARY}, key, value, headers`;

const keepingIn = (tables: Tables): string => `
  INSERT INTO ${tables.dead_letter} (id, service, reason, detail, topic, partition, "offset", key, value, headers, bytes, cut, digest,
                           message_id, type, saga_id, redrive_of)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::uuid, $15, $16, (
    SELECT id FROM ${tables.dead_letter}
    WHERE message_id = $14::uuid AND service = $2 AND topic = $5 AND status = 'redriven' ORDER BY id DESC LIMIT 1
  ))
  ON CONFLICT ON CONSTRAINT ${tables.local('dead_letter_once')} DO NOTHING RETURNING redrive_of`;

const MATCHING = `($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR service = $2)
  AND ($3::text IS NULL OR reason = $3) AND ($4::text IS NULL OR topic = $4) AND ($5::uuid IS NULL OR saga_id = $5)
  AND ($6::float8 IS NULL OR kept_at < to_timestamp($6 / 1000)) AND ($7::float8 IS NULL OR kept_at > to_timestamp($7 / 1000))
  AND ($8::uuid IS NULL OR group_id = $8)`;

/** A redrive whose claimer died can be claimed again after this time. */
const LEASE = '10 seconds';

/** Filters for listing dead letters; absent ones do not restrict the list. */
export interface DeadLetterFilter {
  readonly status?: DeadLetterStatus | undefined;
  readonly service?: string | undefined;
  readonly reason?: string | undefined;
  readonly topic?: string | undefined;
  readonly sagaId?: string | undefined;
  readonly keptBefore?: number | undefined;
  readonly keptAfter?: number | undefined;
  readonly groupId?: string | undefined;
}

/** Open dead letters for the same reason. */
export interface DeadLetterGroup {
  readonly id: string;
  readonly count: number;
  readonly sagas: number;
  readonly first: number;
  readonly last: number;
  /** The newest of them. */
  readonly sample: DeadLetterSummary;
}

export class DeadLetterStore {
  constructor(
    private readonly pool: Pool,
    private readonly tables: Tables = TABLES,
  ) {}

  /** Stores the letters that are not stored yet. Resolves when all of them are durable. */
  async keep(messages: readonly ReceivedDeadLetter[]): Promise<void> {
    const keep = keepingIn(this.tables);
    await inTransaction(this.pool, async (client) => {
      const again: string[] = [];
      for (const message of messages) {
        const { rows } = await client.query<{ redrive_of: string | null }>(keep, columnsOf(message));
        again.push(...rows.flatMap(({ redrive_of }) => redrive_of ?? []));
      }
      if (again.length === 0) return;
      await client.query(`UPDATE ${this.tables.dead_letter} SET outcome = 'failed-again' WHERE id = ANY ($1::uuid[])`, [
        again,
      ]);
    });
  }

  /** The newest first, after the given id. */
  async list(filter: DeadLetterFilter, after: string | undefined, limit: number): Promise<DeadLetterSummary[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${SUMMARY} FROM ${this.tables.dead_letter} WHERE ${MATCHING} AND ($9::uuid IS NULL OR id < $9) ORDER BY id DESC LIMIT $10`,
      [...valuesOf(filter), after, limit],
    );
    return rows.map(summaryOf);
  }

  /** The ids of open letters, the oldest first, after the given id. */
  async openIds(filter: DeadLetterFilter, after: string | undefined, limit: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT id FROM ${this.tables.dead_letter} WHERE ${MATCHING} AND ($9::uuid IS NULL OR id > $9) ORDER BY id LIMIT $10`,
      [...valuesOf({ ...filter, status: 'open' }), after, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** The groups of letters with this status, those of the most letters first, and how many groups there are. */
  async groups(status: DeadLetterStatus, limit: number): Promise<{ groups: DeadLetterGroup[]; total: number }> {
    const { rows } = await this.pool.query<Row & Omit<DeadLetterGroup, 'sample'> & { total: number }>(
      `SELECT found.*, ${SUMMARY.replace(/\b(id|status|group_id),/g, 'dead_letter.$1,')} FROM (
         SELECT group_id AS group, count(*)::int AS count, count(DISTINCT saga_id)::int AS sagas, count(*) OVER ()::int AS total,
                (extract(epoch FROM min(kept_at)) * 1000)::float8 AS first, (extract(epoch FROM max(kept_at)) * 1000)::float8 AS last
         FROM ${this.tables.dead_letter} WHERE status = $1 GROUP BY group_id ORDER BY count(*) DESC, group_id LIMIT $2
       ) AS found, LATERAL (
         SELECT * FROM ${this.tables.dead_letter} WHERE status = $1 AND group_id = found.group ORDER BY id DESC LIMIT 1
       ) AS dead_letter ORDER BY found.count DESC, found.group`,
      [status, limit],
    );
    const groups = rows.map((row) => {
      const { group_id: id, count, sagas, first, last } = row;
      return { id, count, sagas, first, last, sample: summaryOf(row) };
    });
    return { groups, total: rows[0]?.total ?? 0 };
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const { rows } = await this.pool.query<WholeRow>(`SELECT ${WHOLE} FROM ${this.tables.dead_letter} WHERE id = $1`, [
      id,
    ]);
    return rows[0] && wholeOf(rows[0]);
  }

  /** Decides on an open letter; one that is redriven is then due to be sent. False when it was decided on before. */
  async decide(id: string, status: 'redriven' | 'discarded', decision: NewDeadLetterDecision): Promise<boolean> {
    const { by, because, override, bulkActionId, alsoWrite } = decision;
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ saga_id: string | null }>(
        `UPDATE ${this.tables.dead_letter} SET status = $2, decided_by = $3, decided_because = $4, decided_at = clock_timestamp(),
                              override_because = $5, override_doubt = $6,
                              send_at = CASE WHEN $2 = 'redriven' THEN clock_timestamp() END
       WHERE id = $1 AND status = 'open' RETURNING saga_id`,
        [id, status, by, because, override?.because, override?.doubt],
      );
      if (rows[0] === undefined) return false;
      await alsoWrite?.(client);
      await appendAction(client, this.tables, {
        actor: { by, ...originOf(decision) },
        action: status === 'redriven' ? 'redrive' : 'discard',
        target: 'dead-letter',
        targetId: id,
        sagaId: rows[0].saga_id ?? undefined,
        bulkActionId,
        details: { reason: because, override: override?.because, before: { status: 'open' }, after: { status } },
      });
      return true;
    });
  }

  /** Claims letters to send again; the claim expires if the claimer dies. */
  async claimDue(limit: number): Promise<DeadLetter[]> {
    const { rows } = await this.pool.query<WholeRow>({
      name: 'palinode-claim-redriven',
      text: `UPDATE ${this.tables.dead_letter} SET send_at = clock_timestamp() + interval '${LEASE}'
             WHERE id = ANY (ARRAY (SELECT id FROM ${this.tables.dead_letter} WHERE send_at <= clock_timestamp()
                                    ORDER BY send_at LIMIT $1 FOR UPDATE SKIP LOCKED))
             RETURNING ${WHOLE}`,
      values: [limit],
    });
    return rows.map(wholeOf).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Call this when the broker has acknowledged them. */
  async sent(ids: readonly string[]): Promise<void> {
    await this.pool.query(
      `UPDATE ${this.tables.dead_letter} SET send_at = NULL, sent_at = clock_timestamp() WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
  }

  /**
   * Deletes up to `limit` letters that were decided on more than `days` ago and need not be sent any more. Returns how
   * many.
   */
  async deleteDecided(days: number, limit: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM ${this.tables.dead_letter} WHERE id = ANY (ARRAY (
         SELECT id FROM ${this.tables.dead_letter}
         WHERE status <> 'open' AND send_at IS NULL AND decided_at < clock_timestamp() - $1 * interval '1 day'
         ORDER BY decided_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      [days, limit],
    );
    return rowCount ?? 0;
  }

  /** How many wait for a decision. */
  async countOpen(): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::float8 AS count FROM ${this.tables.dead_letter} WHERE status = 'open'`,
    );
    return rows[0]?.count ?? 0;
  }
}

/** The parameters of MATCHING. */
function valuesOf(filter: DeadLetterFilter): unknown[] {
  const { status, service, reason, topic, sagaId, keptBefore, keptAfter, groupId } = filter;
  return [status, service, reason, topic, sagaId, keptBefore, keptAfter, groupId];
}

interface Row {
  readonly id: string;
  readonly service: string;
  readonly reason: string;
  readonly detail: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly bytes: number;
  readonly cut: boolean;
  readonly message_id: string | null;
  readonly type: string | null;
  readonly saga_id: string | null;
  readonly redrive_of: string | null;
  readonly outcome: RedriveResult | null;
  readonly group_id: string;
  readonly status: DeadLetterStatus;
  readonly decided_by: string | null;
  readonly decided_because: string | null;
  readonly override_because: string | null;
  readonly override_doubt: string | null;
  readonly decided_at: number | null;
  readonly sent_at: number | null;
  readonly kept_at: number;
}

interface WholeRow extends Row {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: string;
}

function columnsOf(message: ReceivedDeadLetter): unknown[] {
  const { service, reason, detail, topic, partition, offset, key, value, headers, bytes, cut } = message;
  const digest = createHash('sha256')
    .update(key ?? '')
    .update('\0')
    .update(value ?? '')
    .digest();
  const { messageId, type, sagaId } = message;
  const place = [uuidV7(), service, reason, detail, topic, partition, offset];
  return [...place, key, value, JSON.stringify(headers), bytes, cut, digest, messageId, type, sagaId];
}

function summaryOf(row: Row): DeadLetterSummary {
  const { id, service, reason, detail, topic, partition, offset, bytes, cut, status } = row;
  const { decided_by: by, decided_because: because, decided_at: at } = row;
  return {
    id,
    service,
    reason,
    detail,
    topic,
    partition,
    offset,
    bytes,
    cut,
    status,
    messageId: row.message_id ?? undefined,
    type: row.type ?? undefined,
    sagaId: row.saga_id ?? undefined,
    redriveOf: row.redrive_of ?? undefined,
    outcome: row.outcome ?? undefined,
    groupId: row.group_id,
    keptAt: row.kept_at,
    sentAt: row.sent_at ?? undefined,
    decision:
      by === null || because === null || at === null ? undefined : { by, because, at, override: overrideIn(row) },
  };
}

function overrideIn({ override_because: because, override_doubt: doubt }: Row): Override | undefined {
  return because === null || doubt === null ? undefined : { because, doubt };
}

function wholeOf(row: WholeRow): DeadLetter {
  return { ...summaryOf(row), key: row.key, value: row.value, headers: JSON.parse(row.headers) as OriginalHeader[] };
}
