/* The engine's statements. Instants are passed as milliseconds since 1970. */
import type { Tables } from '../messaging';
import { SEPARATOR_CODE } from './stored-attributes';

export type SagaStatements = ReturnType<typeof sagaStatements>;

export function sagaStatements(tables: Tables) {
  const arrays = placeholders();
  const save = savingIn(tables, arrays);
  const saveWithRareParts = `${save}${rarePartsIn(tables, arrays)}`;
  const findDue = `SELECT saga_id FROM ${tables.saga_timer} WHERE fire_at <= statement_timestamp()`;
  return {
    read: `
      SELECT saga.state, saga.revision,
             (extract(epoch FROM saga.armed_at) * 1000)::float8 AS armed_at,
             trunc(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now
      FROM unnest($1::uuid[]) AS wanted (id) LEFT JOIN ${tables.saga} AS saga ON saga.id = wanted.id`,

    save: `${save} SELECT id FROM saved`,

    /**
     * The same with what few batches have: lifecycle events, in the order of the revisions; the steps that wait for a
     * hold or no longer do; and the sagas that join or leave an incident.
     */
    saveWithRareParts,

    /** Whether a PAUSED saga has no incident, or a saga that is not PAUSED has one. */
    findIncidentsToRepair: `
      SELECT EXISTS (
        SELECT FROM ${tables.saga} AS saga
        WHERE status = 'PAUSED' AND NOT EXISTS (SELECT FROM ${tables.saga_incident} WHERE saga_id = saga.id)
      ) OR EXISTS (
        SELECT FROM ${tables.saga_incident} AS saga_incident JOIN ${tables.saga} AS saga ON saga.id = saga_id
        WHERE saga_incident.status = 'PAUSED' AND saga.status <> 'PAUSED'
      ) AS needed`,

    /** PAUSED sagas without an incident. */
    findWithoutIncident: `
      SELECT state FROM ${tables.saga} AS saga
      WHERE status = 'PAUSED' AND NOT EXISTS (SELECT FROM ${tables.saga_incident} WHERE saga_id = saga.id)
      ORDER BY started_at, id LIMIT $1`,

    addMissingIncidents: `
      INSERT INTO ${tables.saga_incident} (saga_id, incident, status, since, past_pivot)
      SELECT saga_id, incident, status, to_timestamp(since / 1000), past_pivot = 1
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::int[])
        AS i (saga_id, incident, status, since, past_pivot)
      ON CONFLICT (saga_id) DO NOTHING`,

    removeWrongIncidents: `
      DELETE FROM ${tables.saga_incident} AS saga_incident USING ${tables.saga} AS saga
      WHERE saga.id = saga_incident.saga_id AND saga_incident.status = 'PAUSED' AND saga.status <> 'PAUSED'`,

    /**
     * `statement_timestamp()`, because PostgreSQL evaluates `clock_timestamp()` for each row and would read the whole
     * table instead of the beginning of the index.
     */
    findDue,

    /** Timers that became due in the last ten seconds. */
    findRecentlyDue: `${findDue} AND fire_at > statement_timestamp() - interval '10 seconds'`,

    /**
     * Sagas that are paused because their definition was missing and that is registered now, in the order of their ids,
     * after the given one.
     */
    findMissed: `
      SELECT found.id, wanted.version
      FROM unnest($1::text[], $2::int[], $3::int[]) AS wanted (definition, missed, version), LATERAL (
        SELECT id FROM ${tables.saga}
        WHERE pause_reason = 'definition-missing' AND definition = wanted.definition AND version = wanted.missed AND id > $4
        ORDER BY id LIMIT $5
      ) AS found
      ORDER BY found.id LIMIT $5`,

    /**
     * Reads sagas in the order of their ids, from one id to another, up to a limit. Sagas that ended before an instant,
     * under a UUIDv7, are old; the state of an old saga that may be a child is returned too. The state is not parsed in
     * SQL, because it may contain text that is no JSON to PostgreSQL.
     */
    examineEnded: `
      SELECT id, old, CASE WHEN old AND state LIKE '%"parent"%' THEN state END AS state FROM (
        SELECT id, state, coalesce(ended_at < to_timestamp($3 / 1000.0), false) AND substr(id::text, 15, 1) = '7' AS old
        FROM ${tables.saga} WHERE id > $1 AND id < $2 ORDER BY id LIMIT $4
      ) AS examined ORDER BY id`,

    /**
     * Of these sagas, each with its parent or null, deletes those that ended before an instant. A child whose parent
     * still exists is kept, because the parent may resend its messages.
     */
    deleteEnded: `
      WITH gone AS (
        DELETE FROM ${tables.saga} WHERE ended_at < to_timestamp($3 / 1000.0) AND id = ANY (ARRAY (
          SELECT id FROM unnest($1::uuid[], $2::uuid[]) AS old (id, parent)
          WHERE NOT EXISTS (SELECT FROM ${tables.saga} AS parents WHERE parents.id = old.parent)
        )) RETURNING id, started_at, attributes
      ), history AS (
        DELETE FROM ${tables.saga_history} WHERE saga_id = ANY (ARRAY (SELECT id FROM gone))
      ), disarmed AS (
        DELETE FROM ${tables.saga_timer} WHERE saga_id = ANY (ARRAY (SELECT id FROM gone))
      ), left_incident AS (
        DELETE FROM ${tables.saga_incident} WHERE saga_id = ANY (ARRAY (SELECT id FROM gone))
      ), unsearchable AS (
        DELETE FROM ${tables.saga_attribute} AS saga_attribute USING (
          SELECT id, started_at, attribute, substring(attribute FROM '^[\\w-]+') AS name
          FROM gone, unnest(string_to_array(attributes, chr(${SEPARATOR_CODE}))) AS attribute
        ) AS former
        WHERE saga_attribute.name = former.name
          AND saga_attribute.value = substr(former.attribute, length(former.name) + 1)
          AND saga_attribute.started_at = former.started_at AND saga_attribute.saga_id = former.id
      )
      SELECT count(*)::int AS gone FROM gone`,
  } as const;
}

type ArrayType = 'uuid' | 'text' | 'int' | 'float8';
type Placeholders = (...types: readonly ArrayType[]) => string;

/** Numbers parameters in the order in which they are asked for: `$1::uuid[], $2::text[]`. */
function placeholders(): Placeholders {
  let last = 0;
  return (...types) => types.map((type) => `$${(last += 1)}::${type}[]`).join(', ');
}

/** The columns by which lists are filtered. */
const SEARCH = ['text', 'text', 'text', 'text', 'text', 'text'] as const;

/*
 * `= ANY (ARRAY (…))` instead of a join with the saved ids: it is evaluated once and searched in memory, where a join
 * would be a nested loop over both sides.
 */
function savingIn(tables: Tables, arrays: Placeholders): string {
  return `
    WITH changed AS (
      UPDATE ${tables.saga} AS saga SET version = c.version, status = c.status, pause_reason = c.pause_reason, state = c.state,
                      revision = c.revision, wake_at = to_timestamp(c.wake_at / 1000),
                      armed_at = to_timestamp(c.armed_at / 1000), ended_at = to_timestamp(c.ended_at / 1000),
                      steps = c.steps, services = c.services, cause = c.cause,
                      cause_step = c.cause_step, cause_service = c.cause_service,
                      attributes = coalesce(c.attributes, saga.attributes)
      FROM unnest(${arrays('uuid', 'int', 'float8', 'int', 'text', 'text', 'text', 'int', 'float8', 'float8', 'float8', ...SEARCH)})
        AS c (id, was, armed_was, version, status, pause_reason, state, revision, wake_at, armed_at, ended_at, steps, services,
              cause, cause_step, cause_service, attributes)
      WHERE saga.id = c.id AND saga.revision = c.was
        AND saga.armed_at IS NOT DISTINCT FROM to_timestamp(c.armed_was / 1000)
      RETURNING saga.id
    ), begun AS (
      INSERT INTO ${tables.saga} (id, definition, version, status, pause_reason, subject, state, revision, wake_at, armed_at, started_at,
                        ended_at, steps, services, cause, cause_step, cause_service, attributes)
      SELECT id, definition, version, status, pause_reason, subject, state, revision, to_timestamp(wake_at / 1000),
             to_timestamp(armed_at / 1000), to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000),
             steps, services, cause, cause_step, cause_service, attributes
      FROM unnest(${arrays('uuid', 'text', 'int', 'text', 'text', 'text', 'text', 'int', 'float8', 'float8', 'float8', 'float8', ...SEARCH)})
        AS b (id, definition, version, status, pause_reason, subject, state, revision, wake_at, armed_at, started_at, ended_at,
              steps, services, cause, cause_step, cause_service, attributes)
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), saved AS (
      SELECT id FROM changed UNION ALL SELECT id FROM begun
    ), recorded AS (
      INSERT INTO ${tables.saga_history} (saga_id, seq, at, event, sent, ignored)
      SELECT saga_id, seq, to_timestamp(at / 1000), event, sent, ignored
      FROM unnest(${arrays('uuid', 'int', 'float8', 'text', 'text', 'text')})
        AS h (saga_id, seq, at, event, sent, ignored)
      WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
    ), searchable AS (
      INSERT INTO ${tables.saga_attribute} (name, value, started_at, saga_id)
      SELECT name, value, to_timestamp(started_at / 1000), saga_id
      FROM unnest(${arrays('text', 'text', 'float8', 'uuid')}) AS a (name, value, started_at, saga_id)
      WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
      ON CONFLICT DO NOTHING
    ), armed AS (
      INSERT INTO ${tables.saga_timer} (saga_id, fire_at)
      SELECT saga_id, to_timestamp(fire_at / 1000) FROM unnest(${arrays('uuid', 'float8')}) AS t (saga_id, fire_at)
      WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
      ON CONFLICT (saga_id) DO UPDATE SET fire_at = excluded.fire_at
    ), sent AS (
      INSERT INTO ${tables.outbox} (id, topic, key, payload)
      SELECT id, topic, key, payload
      FROM unnest(${arrays('uuid', 'uuid', 'text', 'text', 'text')}) AS m (saga_id, id, topic, key, payload)
      WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
      ON CONFLICT (id) DO NOTHING
    ), gone AS (
      DELETE FROM ${tables.outbox} WHERE id = ANY (${arrays('uuid')})
    ), counted AS (
      INSERT INTO ${tables.saga_delta} (deltas)
      SELECT string_agg(delta, E'\\n') FROM unnest(${arrays('uuid', 'text')}) AS d (saga_id, delta)
      WHERE saga_id = ANY (ARRAY (SELECT id FROM saved)) HAVING count(*) > 0
    )`;
}

function rarePartsIn(tables: Tables, arrays: Placeholders): string {
  return `, published AS (
        INSERT INTO ${tables.event_outbox} (id, topic, key, payload)
        SELECT id, topic, key, payload
        FROM unnest(${arrays('uuid', 'uuid', 'text', 'text', 'text')}) AS e (saga_id, id, topic, key, payload)
        WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
      ), held AS (
        INSERT INTO ${tables.held_step} (saga_id, step, definition, version, command, since, released_at)
        SELECT saga_id, step, definition, version, command, to_timestamp(since / 1000),
               CASE WHEN released = 1 THEN clock_timestamp() END
        FROM unnest(${arrays('uuid', 'text', 'text', 'int', 'text', 'float8', 'int')})
          AS h (saga_id, step, definition, version, command, since, released)
        WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
        ON CONFLICT (saga_id, step) DO UPDATE
          SET command = excluded.command, since = excluded.since, released_at = excluded.released_at, claimed_at = NULL
      ), answered AS (
        DELETE FROM ${tables.held_step} AS held_step USING unnest(${arrays('uuid', 'text')}) AS g (saga_id, step)
        WHERE held_step.saga_id = g.saga_id AND held_step.step = g.step
          AND held_step.saga_id = ANY (ARRAY (SELECT id FROM saved))
      ), joined AS (
        INSERT INTO ${tables.saga_incident} (saga_id, incident, status, since, past_pivot)
        SELECT saga_id, incident, status, to_timestamp(since / 1000), past_pivot = 1
        FROM unnest(${arrays('uuid', 'uuid', 'text', 'float8', 'int')})
          AS i (saga_id, incident, status, since, past_pivot)
        WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
        ON CONFLICT (saga_id) DO UPDATE
          SET incident = excluded.incident, status = excluded.status, since = excluded.since, past_pivot = excluded.past_pivot
      ), left_incident AS (
        DELETE FROM ${tables.saga_incident} WHERE saga_id = ANY (${arrays('uuid')}) AND saga_id = ANY (ARRAY (SELECT id FROM saved))
      )
      SELECT id FROM saved`;
}
