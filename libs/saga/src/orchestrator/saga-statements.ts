/* The engine's two hot statements. Instants travel as milliseconds since 1970. */

export const READ_SAGAS = `
  SELECT saga.state, saga.revision,
         (extract(epoch FROM saga.armed_at) * 1000)::float8 AS armed_at,
         trunc(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now
  FROM unnest($1::uuid[]) AS wanted (id) LEFT JOIN saga ON saga.id = wanted.id`;

/*
 * `= ANY (ARRAY (…))` instead of a join with the saved ids: it is evaluated once and searched in memory, where a join would
 * be a nested loop over both sides.
 */
export const SAVE_TURNS = `
  WITH changed AS (
    UPDATE saga SET status = c.status, state = c.state, revision = c.revision,
                    wake_at = to_timestamp(c.wake_at / 1000), armed_at = to_timestamp(c.armed_at / 1000),
                    ended_at = to_timestamp(c.ended_at / 1000)
    FROM unnest($1::uuid[], $2::int[], $3::float8[], $4::text[], $5::text[], $6::int[], $7::float8[], $8::float8[], $9::float8[])
      AS c (id, was, armed_was, status, state, revision, wake_at, armed_at, ended_at)
    WHERE saga.id = c.id AND saga.revision = c.was
      AND saga.armed_at IS NOT DISTINCT FROM to_timestamp(c.armed_was / 1000)
    RETURNING saga.id
  ), begun AS (
    INSERT INTO saga (id, definition, version, status, subject, state, revision, wake_at, armed_at, started_at, ended_at)
    SELECT id, definition, version, status, subject, state, revision, to_timestamp(wake_at / 1000),
           to_timestamp(armed_at / 1000), to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000)
    FROM unnest($10::uuid[], $11::text[], $12::int[], $13::text[], $14::text[], $15::text[], $16::int[], $17::float8[],
                $18::float8[], $19::float8[], $20::float8[])
      AS b (id, definition, version, status, subject, state, revision, wake_at, armed_at, started_at, ended_at)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
  ), saved AS (
    SELECT id FROM changed UNION ALL SELECT id FROM begun
  ), recorded AS (
    INSERT INTO saga_history (saga_id, seq, at, event, sent, ignored)
    SELECT saga_id, seq, to_timestamp(at / 1000), event, sent, ignored
    FROM unnest($21::uuid[], $22::int[], $23::float8[], $24::text[], $25::text[], $26::text[])
      AS h (saga_id, seq, at, event, sent, ignored)
    WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
  ), armed AS (
    INSERT INTO saga_timer (saga_id, fire_at)
    SELECT saga_id, to_timestamp(fire_at / 1000) FROM unnest($27::uuid[], $28::float8[]) AS t (saga_id, fire_at)
    WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
    ON CONFLICT (saga_id) DO UPDATE SET fire_at = excluded.fire_at
  ), sent AS (
    INSERT INTO outbox (id, topic, key, payload)
    SELECT id, topic, key, payload
    FROM unnest($29::uuid[], $30::uuid[], $31::text[], $32::text[], $33::text[]) AS m (saga_id, id, topic, key, payload)
    WHERE saga_id = ANY (ARRAY (SELECT id FROM saved))
    ON CONFLICT (id) DO NOTHING
  ), gone AS (
    DELETE FROM outbox WHERE id = ANY ($34::uuid[])
  )
  SELECT id FROM saved`;
