import { ADVISORY_LOCKS } from '@palinode/saga/participant';

/*
 * Parameters of all: $1 the order, $2 to $6 the effect (saga, step, direction, command, command id).
 */
const WRITER_LOCK = `writer_lock AS MATERIALIZED (SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.reservations}))`;

const EFFECT = `INSERT INTO effects (saga_id, step, direction, command, command_id, order_id)
       SELECT $2::uuid, $3, $4, $5, $6::uuid, $1::uuid`;

/**
 * $7 SKUs, $8 quantities. Locks the rows before it compares quantities, so that the result holds until the commit. An order
 * has one reservation in its lifetime: `another` says that it already has one, also when that was made while this statement
 * waited for the lock.
 */
export const RESERVE = `
  WITH ${WRITER_LOCK},
  wanted AS (
    SELECT sku, sum(quantity)::int AS quantity FROM unnest($7::text[], $8::int[]) AS line (sku, quantity) GROUP BY sku
  ),
  locked AS MATERIALIZED (
    SELECT stock.sku, wanted.quantity, stock.available >= wanted.quantity AS enough
    FROM writer_lock, wanted JOIN stock ON stock.sku = wanted.sku
    ORDER BY stock.sku FOR UPDATE OF stock
  ),
  verdict AS MATERIALIZED (
    SELECT array(SELECT sku FROM wanted WHERE sku NOT IN (SELECT sku FROM locked) ORDER BY sku) AS unknown,
           array(SELECT sku FROM locked WHERE NOT enough ORDER BY sku) AS short
  ),
  granted AS MATERIALIZED (
    SELECT sku, quantity FROM locked, verdict WHERE verdict.unknown = '{}' AND verdict.short = '{}'
  ),
  taken AS (
    UPDATE stock SET available = available - granted.quantity, reserved = reserved + granted.quantity
    FROM granted WHERE stock.sku = granted.sku
    RETURNING stock.sku, stock.available, stock.low_below AS threshold,
              stock.available + granted.quantity >= stock.low_below AND stock.available < stock.low_below AS crossed
  ),
  kept AS (
    INSERT INTO reservation (order_id, sku, quantity, status, reservation_id)
    SELECT $1, sku, quantity, 'RESERVED', $6::uuid FROM granted
    ON CONFLICT (order_id, sku) DO NOTHING RETURNING sku
  ),
  noted AS (${EFFECT} WHERE EXISTS (SELECT FROM granted))
  SELECT unknown, short,
         EXISTS (SELECT FROM reservation WHERE order_id = $1)
           OR EXISTS (SELECT FROM granted WHERE sku NOT IN (SELECT sku FROM kept)) AS another,
         array(SELECT json_build_object('sku', sku, 'available', available, 'threshold', threshold)
               FROM taken WHERE crossed ORDER BY sku) AS low
  FROM verdict`;

export const RELEASE = `
  WITH ${WRITER_LOCK},
  held AS MATERIALIZED (
    SELECT sku, quantity FROM writer_lock, reservation
    WHERE order_id = $1 AND status = 'RESERVED' ORDER BY sku FOR UPDATE OF reservation
  ),
  locked AS MATERIALIZED (
    SELECT stock.sku, held.quantity FROM held JOIN stock ON stock.sku = held.sku ORDER BY stock.sku FOR UPDATE OF stock
  ),
  restored AS (
    UPDATE stock SET available = available + locked.quantity, reserved = reserved - locked.quantity
    FROM locked WHERE stock.sku = locked.sku
  ),
  released AS (
    UPDATE reservation SET status = 'RELEASED' FROM locked
    WHERE reservation.order_id = $1 AND reservation.sku = locked.sku
  ),
  noted AS (${EFFECT} WHERE EXISTS (SELECT FROM locked))
  SELECT count(*) FROM locked`;

/** The last line reads the reservation as it was before: still reserved, or committed by an earlier command. */
export const COMMIT = `
  WITH ${WRITER_LOCK},
  held AS MATERIALIZED (
    SELECT sku, quantity FROM writer_lock, reservation
    WHERE order_id = $1 AND status = 'RESERVED' ORDER BY sku FOR UPDATE OF reservation
  ),
  locked AS MATERIALIZED (
    SELECT stock.sku, held.quantity FROM held JOIN stock ON stock.sku = held.sku ORDER BY stock.sku FOR UPDATE OF stock
  ),
  sold AS (
    UPDATE stock SET reserved = reserved - locked.quantity FROM locked WHERE stock.sku = locked.sku
  ),
  committed AS (
    UPDATE reservation SET status = 'COMMITTED' FROM locked
    WHERE reservation.order_id = $1 AND reservation.sku = locked.sku
  ),
  noted AS (${EFFECT} WHERE EXISTS (SELECT FROM locked))
  SELECT EXISTS (SELECT FROM locked)
      OR EXISTS (SELECT FROM reservation WHERE order_id = $1 AND status = 'COMMITTED') AS sellable`;

/** $7 SKUs, $8 quantities. */
export const RETURN = `
  WITH ${WRITER_LOCK},
  back AS (
    SELECT sku, sum(quantity)::int AS quantity FROM unnest($7::text[], $8::int[]) AS line (sku, quantity) GROUP BY sku
  ),
  locked AS MATERIALIZED (
    SELECT stock.sku, back.quantity FROM writer_lock, back JOIN stock ON stock.sku = back.sku
    ORDER BY stock.sku FOR UPDATE OF stock
  ),
  returned AS (
    UPDATE stock SET available = available + locked.quantity FROM locked WHERE stock.sku = locked.sku
  ),
  noted AS (${EFFECT})
  SELECT array(SELECT sku FROM back WHERE sku NOT IN (SELECT sku FROM locked)) AS unknown`;
