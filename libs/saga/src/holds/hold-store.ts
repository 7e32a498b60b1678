/* The tables of holds. Instants are passed as milliseconds since 1970. */
import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { holdEnded, holdPlaced } from '../contract';
import { durationOf } from '../definition';
import { millis, float8Array, intArray, TABLES, textArray, uuidArray, type Tables } from '../messaging';
import { appendAction, type Origin } from '../operator-log';
import { whereKey, type EndedHold, type Hold, type HoldCause, type HoldWhere } from './hold';
import type { HeldStep } from './held-step';
import type { HoldEventWriter } from './hold-event-writer';
import type { SharedHealth } from './participant-health';

export interface NewHold extends Origin {
  readonly where: HoldWhere;
  readonly reason: string;
  readonly cause: HoldCause;
  readonly by: string;
  readonly ttlMs?: number | undefined;
}

/** Who ends a hold, and why. */
export interface HoldEnd extends Omit<EndedHold, 'at'>, Origin {
  /** By an operator: recorded with the other operator actions. */
  readonly byHand?: boolean;
}

export const HOLD_STATUSES = ['in-force', 'ended'] as const;

/** Which part of a definition a hold applies to. */
export interface HeldKey {
  readonly hold: string;
  readonly definition: string;
  readonly version: number;
  /** The type of a command, or the name of a step. */
  readonly key: string;
}

/** How many sagas wait for a hold to end, and since when the first one has waited. */
export interface Waiting {
  readonly sagas: number;
  readonly since: number;
}

/** How many sagas wait for holds. */
export interface WaitingForHolds {
  /** By the ids of the holds; holds without waiting sagas are missing. */
  readonly each: ReadonlyMap<string, Waiting>;
  /** How many sagas wait for any of them; one that waits for several counts once. */
  readonly sagas: number;
}

/** A definition, and what is held of it: types of commands, and names of steps. */
export interface HeldDefinition {
  readonly name: string;
  readonly version: number;
  readonly held: readonly string[];
  /** Only what these keys name; the whole definition when absent. */
  readonly of?: readonly string[];
}

/** A released command without a reply for this time is lost, or was answered elsewhere. */
const UNDER_WAY = `interval '30 s'`;
/** How long a claim of steps lasts; the claimer saves their sagas as released in that time. */
const CLAIM = `interval '10 s'`;

/** The cause of holds that operators place. */
const BY_HAND: HoldCause = 'by-hand';

const COLUMNS = `id, service, command, definition, version, step, reason, cause, placed_by, probes,
  ${millis('placed_at')} AS placed_at, ${millis('expires_at')} AS expires_at, ${millis('probe_at')} AS probe_at,
  ${millis('ended_at')} AS ended_at, ended_by, end_reason, release_rate`;

/** The step without the index of its branch: a forEach is held as a whole. */
const STEP = `regexp_replace(step, '\\[\\d+\\]$', '')`;

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
  readonly probe_at: number | null;
  readonly ended_at: number | null;
  readonly ended_by: string | null;
  readonly end_reason: string | null;
  readonly release_rate: number | null;
}

export class HoldStore {
  constructor(
    private readonly pool: Pool,
    private readonly events: HoldEventWriter,
    private readonly tables: Tables = TABLES,
  ) {}

  /** The holds in force. */
  async inForce(): Promise<Hold[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.tables.hold} WHERE ended_at IS NULL ORDER BY id`,
    );
    return rows.map(fromRow);
  }

  /** Those of these holds that exist, the oldest first. */
  async withIds(ids: readonly string[]): Promise<Hold[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.tables.hold} WHERE id = ANY ($1::uuid[]) ORDER BY id`,
      [ids],
    );
    return rows.map(fromRow);
  }

  async find(id: string): Promise<Hold | undefined> {
    const { rows } = await this.pool.query<Row>(`SELECT ${COLUMNS} FROM ${this.tables.hold} WHERE id = $1`, [id]);
    return rows[0] && fromRow(rows[0]);
  }

  /** The hold in force on exactly this place. */
  async findAt(where: HoldWhere): Promise<Hold | undefined> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.tables.hold} WHERE place = $1 AND ended_at IS NULL`,
      [whereKey(where)],
    );
    return rows[0] && fromRow(rows[0]);
  }

  /** A page of holds, the newest first, after the given id. */
  async list(status: (typeof HOLD_STATUSES)[number], after: string | undefined, limit: number): Promise<Hold[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.tables.hold} WHERE ended_at IS ${status === 'ended' ? 'NOT NULL' : 'NULL'}
         AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
      [after ?? null, limit],
    );
    return rows.map(fromRow);
  }

  /**
   * Places a hold and returns it; undefined when there is one in the same place. A hold placed by an operator is
   * recorded as an operator action.
   */
  async place({ where, reason, cause, by, ttlMs, ...origin }: NewHold): Promise<Hold | undefined> {
    const of = 'service' in where ? where : undefined;
    const at = 'service' in where ? undefined : where;
    const [placed] = await this.events.of(holdPlaced, this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `INSERT INTO ${this.tables.hold} (id, place, service, command, definition, version, step, reason, cause, placed_by, placed_at,
                           expires_at, probe_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, statement_timestamp(), statement_timestamp() + $11 * interval '1 ms',
                 CASE WHEN $9 <> '${BY_HAND}' THEN statement_timestamp() + interval '1 s' END)
         ON CONFLICT (place) WHERE ended_at IS NULL DO NOTHING RETURNING ${COLUMNS}`,
        [
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
        ],
      );
      const holds = rows.map(fromRow);
      if (cause !== BY_HAND) return holds;
      for (const { id: targetId, at: placedAt } of holds) {
        const details = { reason, where, ttl: ttlMs && durationOf(ttlMs) };
        await appendAction(client, this.tables, {
          actor: { by, ...origin },
          action: 'hold',
          target: 'hold',
          targetId,
          at: placedAt,
          details,
        });
      }
      return holds;
    });
    return placed;
  }

  /** Ends a hold and returns it; undefined when it has ended before, or never existed. */
  async end(id: string, { by, reason, rate, byHand = false, ...origin }: HoldEnd): Promise<Hold | undefined> {
    const [ended] = await this.events.of(holdEnded, this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `UPDATE ${this.tables.hold} SET ended_at = clock_timestamp(), ended_by = $2, end_reason = $3, release_rate = $4
         WHERE id = $1 AND ended_at IS NULL RETURNING ${COLUMNS}`,
        [id, by, reason, rate ?? null],
      );
      const holds = rows.map(fromRow);
      if (!byHand) return holds;
      for (const { where, ended: end } of holds) {
        const actor = { by, ...origin };
        const details = { reason, rate, before: { where } };
        await appendAction(client, this.tables, {
          actor,
          action: 'release',
          target: 'hold',
          targetId: id,
          at: end?.at,
          details,
        });
      }
      return holds;
    });
    return ended;
  }

  /** Ends the holds that have expired, and returns them. */
  async endExpired(): Promise<readonly Hold[]> {
    return this.events.of(holdEnded, this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `UPDATE ${this.tables.hold} SET ended_at = clock_timestamp(), ended_by = 'the orchestrator', end_reason = 'the hold expired'
       WHERE ended_at IS NULL AND expires_at <= clock_timestamp() RETURNING ${COLUMNS}`,
      );
      return rows.map(fromRow);
    });
  }

  /** Claims the automatic holds that are due to be probed. The interval to the next probe doubles. */
  async claimProbes(longestMs: number): Promise<Hold[]> {
    const { rows } = await this.pool.query<Row>(
      `UPDATE ${this.tables.hold} SET probes = probes + 1,
              probe_at = clock_timestamp() + least($1::float8, 1000 * power(2, least(probes, 20))) * interval '1 ms'
       WHERE ended_at IS NULL AND cause <> '${BY_HAND}' AND probe_at <= clock_timestamp() RETURNING ${COLUMNS}`,
      [longestMs],
    );
    return rows.map(fromRow);
  }

  /**
   * Claims and returns steps of these definitions, or those of one command, that none of the keys holds, the longest
   * waiting first. No other instance gets them for ten seconds. Saving their sagas as released ends the claim; if the
   * instance dies before, another one can claim them afterwards. Steps of PAUSED sagas are not claimed: resuming checks
   * their holds.
   */
  async claimReleased(limit: number, definitions: readonly HeldDefinition[], command?: string): Promise<HeldStep[]> {
    const { rows } = await this.pool.query<HeldRow>(
      `UPDATE ${this.tables.held_step} SET claimed_at = clock_timestamp() WHERE (saga_id, step) IN (
         SELECT saga_id, step ${releasableIn(this.tables)} AND ($11::text IS NULL OR command = $11)
         ORDER BY since, saga_id LIMIT $10 FOR UPDATE OF held_step SKIP LOCKED
       ) RETURNING ${HELD}`,
      [...releasable(definitions), limit, command ?? null],
    );
    return rows.map(fromHeldRow);
  }

  /**
   * The commands of held or released steps, and how many released ones still wait for a reply. Those that have waited
   * too long no longer count.
   */
  async heldCommands(): Promise<{ readonly command: string; readonly underWay: number }[]> {
    // SKIP LOCKED prevents a deadlock with a batch that is being saved, which locks several of these rows.
    const { rows } = await this.pool.query<{ command: string; underWay: number }>(
      `WITH expired AS (
         DELETE FROM ${this.tables.held_step} WHERE (saga_id, step) IN (
           SELECT saga_id, step FROM ${this.tables.held_step} WHERE released_at <= clock_timestamp() - ${UNDER_WAY} FOR UPDATE SKIP LOCKED
         )
       )
       SELECT command, (count(*) FILTER (
         WHERE released_at > clock_timestamp() - ${UNDER_WAY} OR (released_at IS NULL AND claimed_at > clock_timestamp() - ${CLAIM})
       ))::int AS "underWay"
       FROM ${this.tables.held_step} GROUP BY command`,
    );
    return rows;
  }

  /** The holds of the last week that ended with a rate and were not followed by another hold in the same place. */
  async endedWithRate(): Promise<Hold[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.tables.hold} AS hold
       WHERE release_rate IS NOT NULL AND ended_at > clock_timestamp() - interval '7 days'
         AND NOT EXISTS (SELECT FROM ${this.tables.hold} AS later WHERE later.place = hold.place AND later.placed_at > hold.ended_at)`,
    );
    return rows.map(fromRow);
  }

  /**
   * Claims the step to probe with: of the steps that wait for one of these commands, the one that was probed longest
   * ago, or waits longest. Steps that an operator holds and steps of PAUSED sagas are excluded.
   */
  async claimProbed(commands: readonly string[], byHand: readonly HeldDefinition[]): Promise<HeldStep | undefined> {
    const keys = byHand.flatMap(({ name, version, held }) => held.map((key) => ({ name, version, key })));
    const { rows } = await this.pool.query<HeldRow>(
      `UPDATE ${this.tables.held_step} SET probed_at = clock_timestamp() WHERE (saga_id, step) = (
         SELECT saga_id, step FROM ${this.tables.held_step} AS held_step JOIN ${this.tables.saga} AS saga ON saga.id = saga_id
         WHERE command = ANY ($1) AND released_at IS NULL AND saga.status <> 'PAUSED' AND NOT ${isAmong('$2::text[], $3::int[], $4::text[]')}
         ORDER BY probed_at NULLS FIRST, since LIMIT 1 FOR UPDATE OF held_step SKIP LOCKED
       ) RETURNING ${HELD}`,
      [
        commands,
        textArray(keys.map(({ name }) => name)),
        intArray(keys.map(({ version }) => version)),
        textArray(keys.map(({ key }) => key)),
      ],
    );
    return rows[0] && fromHeldRow(rows[0]);
  }

  /** How many sagas wait for each of these holds, and for all of them. */
  async waitingFor(keys: readonly HeldKey[]): Promise<WaitingForHolds> {
    const { rows } = await this.pool.query<Waiting & { hold: string | null }>(
      `SELECT k.hold, count(DISTINCT saga_id)::int AS sagas, ${millis('min(since)')} AS since
       FROM ${this.tables.held_step} AS held_step JOIN unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) AS k (hold, name, version, key)
         ON definition = k.name AND held_step.version = k.version AND k.key IN (command, ${STEP})
       WHERE released_at IS NULL GROUP BY GROUPING SETS ((k.hold), ())`,
      [
        uuidArray(keys.map(({ hold }) => hold)),
        textArray(keys.map(({ definition }) => definition)),
        intArray(keys.map(({ version }) => version)),
        textArray(keys.map(({ key }) => key)),
      ],
    );
    const all = rows.find(({ hold }) => hold === null);
    const each = rows.flatMap(({ hold, sagas, since }) => (hold === null ? [] : [[hold, { sagas, since }] as const]));
    return { each: new Map(each), sagas: all?.sagas ?? 0 };
  }

  /** Stores how participants answered this instance, and returns what the other instances have stored lately. */
  async exchangeHealth(instance: string, own: readonly SharedHealth[]): Promise<SharedHealth[]> {
    const { rows } = await this.pool.query<SharedHealth>({
      name: 'palinode-exchange-health',
      text: `
        WITH shared AS (
          INSERT INTO ${this.tables.participant_health}
            (instance, command, answered_at, succeeded_at, caught_up_to, successes, failures, told_at)
          SELECT $1, command, to_timestamp(answered_at / 1000), to_timestamp(succeeded_at / 1000),
                 to_timestamp(caught_up_to / 1000), successes, failures, clock_timestamp()
          FROM unnest($2::text[], $3::float8[], $4::float8[], $5::float8[], $6::int[], $7::int[])
            AS h (command, answered_at, succeeded_at, caught_up_to, successes, failures)
          ON CONFLICT (instance, command) DO UPDATE SET answered_at = excluded.answered_at,
            succeeded_at = excluded.succeeded_at, caught_up_to = excluded.caught_up_to, successes = excluded.successes, failures = excluded.failures,
            told_at = excluded.told_at
        ), expired AS (
          DELETE FROM ${this.tables.participant_health} WHERE told_at < clock_timestamp() - interval '1 day'
        )
        SELECT command AS type, ${millis('answered_at')} AS "answeredAt", ${millis('succeeded_at')} AS "succeededAt",
               ${millis('caught_up_to')} AS "caughtUpTo",
               CASE WHEN told_at > clock_timestamp() - interval '5 s' THEN successes ELSE 0 END AS successes,
               CASE WHEN told_at > clock_timestamp() - interval '5 s' THEN failures ELSE 0 END AS failures
        FROM ${this.tables.participant_health} WHERE instance <> $1`,
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

/** Whether one of the keys, given as arrays of names, versions and keys, names this held step. */
function isAmong(arrays: string): string {
  return `EXISTS (
    SELECT FROM unnest(${arrays}) AS k (name, version, key)
    WHERE k.name = held_step.definition AND k.version = held_step.version AND k.key IN (command, ${STEP}))`;
}

/** The steps that may be released, from the parameters of {@link releasable}. */
const releasableIn = ({ held_step, saga }: Tables): string => `
  FROM ${held_step} AS held_step JOIN unnest($1::text[], $2::int[], $3::int[]) AS d (name, version, whole)
    ON held_step.definition = d.name AND held_step.version = d.version
  JOIN ${saga} AS saga ON saga.id = saga_id
  WHERE released_at IS NULL AND (claimed_at IS NULL OR claimed_at <= clock_timestamp() - ${CLAIM})
    AND saga.status <> 'PAUSED' AND NOT ${isAmong('$4::text[], $5::int[], $6::text[]')}
    AND (d.whole = 1 OR ${isAmong('$7::text[], $8::int[], $9::text[]')})`;

function releasable(definitions: readonly HeldDefinition[]): Buffer[] {
  const held = definitions.flatMap(({ name, version, held: keys }) => keys.map((key) => ({ name, version, key })));
  const of = definitions.flatMap(({ name, version, of: keys }) => (keys ?? []).map((key) => ({ name, version, key })));
  return [
    textArray(definitions.map(({ name }) => name)),
    intArray(definitions.map(({ version }) => version)),
    intArray(definitions.map(({ of: keys }) => (keys === undefined ? 1 : 0))),
    ...[held, of].flatMap((keys) => [
      textArray(keys.map(({ name }) => name)),
      intArray(keys.map(({ version }) => version)),
      textArray(keys.map(({ key }) => key)),
    ]),
  ];
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
  probe_at,
  ended_at,
  ended_by,
  end_reason,
  release_rate,
  ...rest
}: Row): Hold {
  const where: HoldWhere =
    service === null
      ? { definition: definition ?? '', version: version ?? undefined, step: step ?? '' }
      : { service, command: command ?? undefined };
  const { id, reason, cause, probes } = rest;
  return {
    id,
    where,
    reason,
    cause,
    by,
    at,
    probes,
    expiresAt: expires_at ?? undefined,
    probeAt: ended_at === null ? (probe_at ?? undefined) : undefined,
    ended:
      ended_at === null
        ? undefined
        : { at: ended_at, by: ended_by ?? '', reason: end_reason ?? '', rate: release_rate ?? undefined },
  };
}
