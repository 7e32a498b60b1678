/* The tables of holds. Instants travel as milliseconds since 1970. */
import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { holdEnded, holdPlaced } from '../../contract';
import { float8Array, intArray, textArray, uuidArray } from '../../messaging';
import { whereKey, type Hold, type HoldCause, type HoldWhere } from './hold';
import type { HoldNews } from './hold-news';
import type { SharedHealth } from './participant-health';

export interface NewHold {
  readonly where: HoldWhere;
  readonly reason: string;
  readonly cause: HoldCause;
  readonly by: string;
  readonly ttlMs?: number | undefined;
}

/** Who ends a hold, why, and how many sagas a second may go on then in each instance: as many as are answered, when absent. */
export interface HoldEnd {
  readonly by: string;
  readonly reason: string;
  readonly rate?: number | undefined;
}

/** How many steps wait for one command of one definition, and since when the first of them. */
export interface HeldCount extends Pick<HeldStep, 'command' | 'definition' | 'version' | 'step' | 'since'> {
  readonly count: number;
}

/** A definition, and what is held of it: types of commands, and names of steps. */
export interface HeldDefinition {
  readonly name: string;
  readonly version: number;
  readonly held: readonly string[];
}

/** How many steps of this command may have been released and not be answered. */
export interface MostUnderWay {
  readonly command: string;
  readonly most: number;
}

/** A step of a saga that waits for a hold to end. */
export interface HeldStep {
  readonly sagaId: string;
  readonly step: string;
  readonly definition: string;
  readonly version: number;
  /** The type of the command that waits. */
  readonly command: string;
  readonly since: number;
}

/** What was released, and not answered for so long, is lost or was answered elsewhere. */
const UNDER_WAY = `interval '30 s'`;

const millis = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

const COLUMNS = `id, service, command, definition, version, step, reason, cause, placed_by, probes,
  ${millis('placed_at')} AS placed_at, ${millis('expires_at')} AS expires_at`;

const INSERT_HOLD = `
  INSERT INTO hold (id, place, service, command, definition, version, step, reason, cause, placed_by, placed_at, expires_at,
                    probe_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp(), clock_timestamp() + $11 * interval '1 ms',
          clock_timestamp() + interval '1 s')
  ON CONFLICT (place) WHERE ended_at IS NULL DO NOTHING RETURNING ${COLUMNS}`;

interface Row {
  readonly id: string;
  readonly service: string | null;
  readonly command: string | null;
  readonly definition: string | null;
  readonly version: number | null;
  readonly step: string | null;
  readonly reason: string;
  readonly cause: HoldCause;
  readonly placed_by: string;
  readonly probes: number;
  readonly placed_at: number;
  readonly expires_at: number | null;
}

export class HoldStore {
  constructor(
    private readonly pool: Pool,
    private readonly news: HoldNews,
  ) {}

  /** The holds in force. */
  async inForce(): Promise<Hold[]> {
    const { rows } = await this.pool.query<Row>(`SELECT ${COLUMNS} FROM hold WHERE ended_at IS NULL ORDER BY id`);
    return rows.map(fromRow);
  }

  async find(id: string): Promise<Hold | undefined> {
    const { rows } = await this.pool.query<Row>(`SELECT ${COLUMNS} FROM hold WHERE id = $1 AND ended_at IS NULL`, [id]);
    return rows[0] && fromRow(rows[0]);
  }

  /** Places a hold and returns it; undefined when there is one in the same place. */
  async place({ where, reason, cause, by, ttlMs }: NewHold): Promise<Hold | undefined> {
    const of = 'service' in where ? where : undefined;
    const at = 'service' in where ? undefined : where;
    const [placed] = await this.news.of(holdPlaced, this.pool, async (client) => {
      const { rows } = await client.query<Row>(INSERT_HOLD, [
        uuidV7(),
        whereKey(where),
        of?.service ?? null,
        of?.command ?? null,
        at?.definition ?? null,
        at?.version ?? null,
        at?.step ?? null,
        reason,
        cause,
        by,
        ttlMs ?? null,
      ]);
      return rows.map(fromRow);
    });
    return placed;
  }

  /** Ends a hold; false when it has ended before. */
  async end(id: string, { by, reason, rate }: HoldEnd): Promise<boolean> {
    const ended = await this.news.of(holdEnded, this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `UPDATE hold SET ended_at = clock_timestamp(), ended_by = $2, end_reason = $3, release_rate = $4
         WHERE id = $1 AND ended_at IS NULL RETURNING ${COLUMNS}`,
        [id, by, reason, rate ?? null],
      );
      return rows.map(fromRow);
    });
    return ended.length === 1;
  }

  /** Ends the holds whose time is over, and returns them. */
  async endExpired(): Promise<readonly Hold[]> {
    return this.news.of(holdEnded, this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `UPDATE hold SET ended_at = clock_timestamp(), ended_by = 'the orchestrator', end_reason = 'its time was over'
         WHERE ended_at IS NULL AND expires_at <= clock_timestamp() RETURNING ${COLUMNS}`,
      );
      return rows.map(fromRow);
    });
  }

  /** The automatic holds that it is time to probe, which no other instance probes now. The next probe is twice as far off. */
  async claimProbes(longestMs: number): Promise<Hold[]> {
    const { rows } = await this.pool.query<Row>(
      `UPDATE hold SET probes = probes + 1,
              probe_at = clock_timestamp() + least($1::float8, 1000 * power(2, least(probes, 20))) * interval '1 ms'
       WHERE ended_at IS NULL AND cause <> 'by-hand' AND probe_at <= clock_timestamp() RETURNING ${COLUMNS}`,
      [longestMs],
    );
    return rows.map(fromRow);
  }

  async rememberHeld(held: readonly HeldStep[], gone: readonly Pick<HeldStep, 'sagaId' | 'step'>[]): Promise<void> {
    await this.pool.query({
      name: 'palinode-remember-held',
      text: `
        WITH gone AS (
          DELETE FROM held_step USING unnest($7::uuid[], $8::text[]) AS g (saga_id, step)
          WHERE held_step.saga_id = g.saga_id AND held_step.step = g.step
        )
        INSERT INTO held_step (saga_id, step, definition, version, command, since)
        SELECT saga_id, step, definition, version, command, to_timestamp(since / 1000)
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::float8[])
          AS h (saga_id, step, definition, version, command, since)
        ON CONFLICT (saga_id, step) DO UPDATE SET command = excluded.command, since = excluded.since, released_at = NULL`,
      values: [
        uuidArray(held.map(({ sagaId }) => sagaId)),
        textArray(held.map(({ step }) => step)),
        textArray(held.map(({ definition }) => definition)),
        intArray(held.map(({ version }) => version)),
        textArray(held.map(({ command }) => command)),
        float8Array(held.map(({ since }) => since)),
        uuidArray(gone.map(({ sagaId }) => sagaId)),
        textArray(gone.map(({ step }) => step)),
      ],
    });
  }

  /**
   * Marks as released, and returns, steps of these definitions that none of the keys holds, those that have waited longest
   * first: of each command as many as may be under way, less those that were released and are not answered. No other instance
   * gets them; should this one die before it has told them, they find out by themselves. The limits give way to the smallest
   * rate at which somebody wanted a hold of the last hour to end.
   */
  async claimReleased(most: readonly MostUnderWay[], definitions: readonly HeldDefinition[]): Promise<HeldStep[]> {
    const keys = definitions.flatMap(({ name, version, held }) => held.map((key) => ({ name, version, key })));
    const { rows } = await this.pool.query<HeldRow>(
      `WITH released AS MATERIALIZED (
         SELECT command, count(*) AS count FROM held_step
         WHERE released_at > clock_timestamp() - ${UNDER_WAY} GROUP BY command
       )
       UPDATE held_step SET released_at = clock_timestamp() WHERE (saga_id, step) IN (
         SELECT next.saga_id, next.step FROM unnest($1::text[], $2::int[]) AS m (command, most) CROSS JOIN LATERAL (
           SELECT saga_id, step FROM held_step JOIN unnest($3::text[], $4::int[]) AS d (name, version)
             ON definition = d.name AND held_step.version = d.version
           WHERE held_step.command = m.command AND released_at IS NULL AND NOT EXISTS (
             SELECT FROM unnest($5::text[], $6::int[], $7::text[]) AS k (name, version, key)
             WHERE k.name = definition AND k.version = held_step.version
               AND (k.key = command OR k.key = regexp_replace(step, '\\[\\d+\\]$', '')))
           ORDER BY since, saga_id
           LIMIT coalesce(
             (SELECT min(release_rate) FROM hold WHERE ended_at > clock_timestamp() - interval '1 hour'),
             greatest(0, m.most - coalesce((SELECT count FROM released WHERE released.command = m.command), 0)))
           FOR UPDATE OF held_step SKIP LOCKED
         ) AS next
       ) RETURNING ${HELD}`,
      [
        textArray(most.map(({ command }) => command)),
        intArray(most.map((each) => each.most)),
        textArray(definitions.map(({ name }) => name)),
        intArray(definitions.map(({ version }) => version)),
        textArray(keys.map(({ name }) => name)),
        intArray(keys.map(({ version }) => version)),
        textArray(keys.map(({ key }) => key)),
      ],
    );
    return rows.map(fromHeldRow);
  }

  /** Whether any step was released and is not known to be answered. Those that nobody has answered for long count no more. */
  async hasReleased(): Promise<boolean> {
    const { rows } = await this.pool.query<{ any: boolean }>(
      `WITH forgotten AS (DELETE FROM held_step WHERE released_at <= clock_timestamp() - ${UNDER_WAY})
       SELECT EXISTS (SELECT FROM held_step WHERE released_at > clock_timestamp() - ${UNDER_WAY}) AS any`,
    );
    return rows[0]?.any === true;
  }

  /** Of the steps that wait for one of these commands the one that was probed longest ago, or waits longest. */
  async claimProbed(commands: readonly string[]): Promise<HeldStep | undefined> {
    const { rows } = await this.pool.query<HeldRow>(
      `UPDATE held_step SET probed_at = clock_timestamp() WHERE (saga_id, step) = (
         SELECT saga_id, step FROM held_step WHERE command = ANY ($1) AND released_at IS NULL
         ORDER BY probed_at NULLS FIRST, since LIMIT 1 FOR UPDATE SKIP LOCKED
       ) RETURNING ${HELD}`,
      [commands],
    );
    return rows[0] && fromHeldRow(rows[0]);
  }

  /** How many sagas wait for each command, and since when. */
  async counts(): Promise<HeldCount[]> {
    const { rows } = await this.pool.query<HeldCount>(
      `SELECT command, definition, version, regexp_replace(step, '\\[\\d+\\]$', '') AS step, count(*)::int AS count,
              ${millis('min(since)')} AS since
       FROM held_step WHERE released_at IS NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    );
    return rows;
  }

  /** Tells the others how participants answered this instance, and returns what they have told lately. */
  async exchangeHealth(instance: string, own: readonly SharedHealth[]): Promise<SharedHealth[]> {
    const { rows } = await this.pool.query<SharedHealth>({
      name: 'palinode-exchange-health',
      text: `
        WITH told AS (
          INSERT INTO participant_health
            (instance, command, answered_at, succeeded_at, caught_up_to, successes, failures, told_at)
          SELECT $1, command, to_timestamp(answered_at / 1000), to_timestamp(succeeded_at / 1000),
                 to_timestamp(caught_up_to / 1000), successes, failures, clock_timestamp()
          FROM unnest($2::text[], $3::float8[], $4::float8[], $5::float8[], $6::int[], $7::int[])
            AS h (command, answered_at, succeeded_at, caught_up_to, successes, failures)
          ON CONFLICT (instance, command) DO UPDATE SET answered_at = excluded.answered_at,
            succeeded_at = excluded.succeeded_at, caught_up_to = excluded.caught_up_to, successes = excluded.successes, failures = excluded.failures,
            told_at = excluded.told_at
        ), forgotten AS (
          DELETE FROM participant_health WHERE told_at < clock_timestamp() - interval '1 day'
        )
        SELECT command AS type, ${millis('answered_at')} AS "answeredAt", ${millis('succeeded_at')} AS "succeededAt",
               ${millis('caught_up_to')} AS "caughtUpTo",
               CASE WHEN told_at > clock_timestamp() - interval '5 s' THEN successes ELSE 0 END AS successes,
               CASE WHEN told_at > clock_timestamp() - interval '5 s' THEN failures ELSE 0 END AS failures
        FROM participant_health WHERE instance <> $1`,
      values: [
        instance,
        textArray(own.map(({ type }) => type)),
        float8Array(own.map(({ answeredAt }) => answeredAt)),
        float8Array(own.map(({ succeededAt }) => succeededAt)),
        float8Array(own.map(({ caughtUpTo }) => caughtUpTo)),
        intArray(own.map(({ successes }) => successes)),
        intArray(own.map(({ failures }) => failures)),
      ],
    });
    return rows;
  }
}

const HELD = `saga_id, step, definition, version, command, ${millis('since')} AS since`;

interface HeldRow {
  readonly saga_id: string;
  readonly step: string;
  readonly definition: string;
  readonly version: number;
  readonly command: string;
  readonly since: number;
}

const fromHeldRow = ({ saga_id: sagaId, ...rest }: HeldRow): HeldStep => ({ sagaId, ...rest });

function fromRow({
  service,
  command,
  definition,
  version,
  step,
  placed_by: by,
  placed_at: at,
  expires_at,
  ...rest
}: Row): Hold {
  const where: HoldWhere =
    service === null
      ? { definition: definition ?? '', version: version ?? undefined, step: step ?? '' }
      : { service, command: command ?? undefined };
  const { id, reason, cause, probes } = rest;
  return { id, where, reason, cause, by, at, expiresAt: expires_at ?? undefined, probes };
}
