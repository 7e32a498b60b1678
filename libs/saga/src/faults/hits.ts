/*
 * What struck, durably: a hit is committed on a connection of its own before its effect, so that a rule that ends the
 * process does not end it again when the message comes back. A message counts once for a rule, however often it comes.
 */
import type { Pool, PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { lowestIdAt } from '../contract';
import { ADVISORY_LOCKS, inTransaction, type HookContext } from '../messaging';
import type { FaultPoint, FaultRule } from './fault-rule';

/** A message that a rule was meant for; `struck` unless it passed among those that a rule lets by. */
export interface Hit {
  readonly id: string;
  readonly rule: string;
  readonly service: string;
  readonly point: FaultPoint;
  readonly effect: string;
  readonly command: string;
  readonly messageId: string;
  readonly sagaId: string;
  readonly subject?: string | undefined;
  readonly attempt?: number | undefined;
  /** RFC 3339. */
  readonly at: string;
}

/** `again`: it struck this message before. */
export type Recorded = 'struck' | 'again' | 'passed';

export class Hits {
  constructor(
    private readonly pool: Pool,
    private readonly service: string,
  ) {}

  /** Creates the table. Instances that start at the same moment do so one after the other. */
  async prepare(): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.faultHits]);
      await client.query(`
        CREATE TABLE IF NOT EXISTS fault_hit (
          id uuid PRIMARY KEY,
          rule text NOT NULL,
          message text NOT NULL,
          struck boolean NOT NULL,
          saga_id uuid NOT NULL,
          hit text NOT NULL,
          told boolean NOT NULL DEFAULT false,
          UNIQUE (rule, message)
        )`);
    });
  }

  /** Decides whether the rule strikes this message, and keeps it. */
  async record(rule: FaultRule, point: FaultPoint, target: HookContext): Promise<Recorded> {
    const id = uuidV7();
    const message = rule.every ? `${target.messageId}/${id}` : target.messageId;
    return inTransaction(this.pool, async (client) => {
      // One after the other, also for several instances of the service, so that a count is exact.
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [rule.id, ADVISORY_LOCKS.faultHits]);
      const known = await client.query<{ struck: boolean }>(
        'SELECT struck FROM fault_hit WHERE rule = $1 AND message = $2',
        [rule.id, message],
      );
      if (known.rows[0]) return known.rows[0].struck ? 'again' : 'passed';
      const n = await countOf(client, rule);
      const { skip = 0, count = Number.POSITIVE_INFINITY } = rule;
      if (n >= skip + count) return 'passed';
      const struck = n >= skip;
      const hit = JSON.stringify(this.hitOf(id, rule, point, target));
      await client.query(
        'INSERT INTO fault_hit (id, rule, message, struck, saga_id, hit) VALUES ($1, $2, $3, $4, $5, $6)',
        [id, rule.id, message, struck, target.sagaId, hit],
      );
      return struck ? 'struck' : 'passed';
    });
  }

  /** Keeps what struck elsewhere. */
  async add(hits: readonly Hit[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO fault_hit (id, rule, message, struck, saga_id, hit)
       SELECT id, rule, message, true, saga_id, hit
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[]) AS h (id, rule, message, saga_id, hit)
       ON CONFLICT DO NOTHING`,
      [
        hits.map(({ id }) => id),
        hits.map(({ rule }) => rule),
        hits.map(({ messageId, id }) => `${messageId}/${id}`),
        hits.map(({ sagaId }) => sagaId),
        hits.map((hit) => JSON.stringify(hit)),
      ],
    );
  }

  async newest(sagaId: string | undefined, limit: number): Promise<Hit[]> {
    const { rows } = await this.pool.query<{ hit: string }>(
      `SELECT hit FROM fault_hit WHERE struck AND ($1::uuid IS NULL OR saga_id = $1) ORDER BY id DESC LIMIT $2`,
      [sagaId ?? null, limit],
    );
    return rows.map(({ hit }) => JSON.parse(hit) as Hit);
  }

  /** What struck these sagas, the oldest first, and how often each of these rules struck so far. */
  async ofSagas(
    sagaIds: readonly string[],
    rules: readonly string[],
  ): Promise<{ hits: Hit[]; counts: ReadonlyMap<string, number> }> {
    const { rows } = await this.pool.query<{ hit: string | null; rule: string; n: number }>(
      `SELECT hit, rule, 0 AS n FROM fault_hit WHERE struck AND saga_id = ANY ($1::uuid[])
       UNION ALL
       SELECT NULL, rule, count(*)::int FROM fault_hit WHERE struck AND rule = ANY ($2::text[]) GROUP BY rule`,
      [sagaIds, rules],
    );
    const hits = rows.flatMap(({ hit }) => (hit === null ? [] : (JSON.parse(hit) as Hit)));
    return {
      hits: hits.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      counts: new Map(rows.flatMap(({ hit, rule, n }) => (hit === null ? [[rule, n] as const] : []))),
    };
  }

  /** Hits that nobody was told of yet, the oldest first; where asked for, only those of the last milliseconds. */
  async unreported(withinMs?: number): Promise<Hit[]> {
    const since = lowestIdAt(withinMs === undefined ? 0 : Date.now() - withinMs);
    const { rows } = await this.pool.query<{ hit: string }>(
      'SELECT hit FROM fault_hit WHERE struck AND NOT told AND id > $1 ORDER BY id LIMIT 100',
      [since],
    );
    return rows.map(({ hit }) => JSON.parse(hit) as Hit);
  }

  async reportTo(ids: readonly string[]): Promise<void> {
    await this.pool.query('UPDATE fault_hit SET told = true WHERE id = ANY ($1::uuid[])', [ids]);
  }

  private hitOf(id: string, rule: FaultRule, point: FaultPoint, target: HookContext): Hit {
    const { messageId, sagaId, subject, command, attempt } = target;
    return {
      id,
      rule: rule.id,
      service: this.service,
      point,
      effect: rule.effect.type,
      command,
      messageId,
      sagaId,
      subject,
      attempt,
      at: new Date().toISOString(),
    };
  }
}

async function countOf(client: PoolClient, { id, skip, count }: FaultRule): Promise<number> {
  if (skip === undefined && count === undefined) return 0;
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM fault_hit WHERE rule = $1', [id]);
  return rows[0]?.n ?? 0;
}
