import type { OrderPlaced } from '@palinode/contracts';
import type { Order } from './order-messages';
import { rejectionFor } from './rejection';

export const INSERT_ORDERS = `
  WITH placed AS (
    INSERT INTO orders (id, saga_id, customer_id, lines, total_cents, currency, webhook_url)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::json[], $5::bigint[], $6::text[], $7::text[])
    RETURNING id, revision, status, created_at
  )
  INSERT INTO order_event (order_id, seq, event, status, at)
  SELECT id, revision, 'placed', status, created_at FROM placed`;

/** In the order and by the names of `OrderRow`. */
export const COLUMNS = `
  id AS "orderId", saga_id AS "sagaId", customer_id AS "customerId", status, rejected_because AS reason, notice, lines,
  total_cents AS "totalCents", currency, revision, created_at AS "createdAt", ended_at AS "endedAt"`;

export const FIND_ORDERS = `SELECT ${COLUMNS} FROM orders WHERE id = ANY($1::uuid[])`;

/** $1 status, $2 customer, $3 the order after which the page begins, $4 how many; null for those that do not matter. */
export const LIST_ORDERS = `
  SELECT ${COLUMNS} FROM orders
  WHERE ($1::text IS NULL OR status = $1)
    AND ($2::text IS NULL OR customer_id = $2)
    AND ($3::uuid IS NULL OR id < $3)
  ORDER BY id DESC LIMIT $4`;

/** Reads the whole table, since no index knows the status. */
export const COUNT_PENDING = `SELECT count(*)::int AS pending FROM orders WHERE status = 'PENDING'`;

/**
 * Ends a pending order, and records the event, the webhook delivery and the effect: $1 the order, $2 to $6 the effect (saga,
 * step, direction, command, command id), $7 the new status, $8 the reason. Returns the order with its previous status.
 */
export const END_ORDER = `
  WITH ended AS (
    UPDATE orders SET status = $7, rejected_because = $8, ended_at = clock_timestamp(), revision = revision + 1
    WHERE id = $1 AND status = 'PENDING' RETURNING id, revision, status, rejected_because, ended_at, webhook_url
  ),
  event AS (
    INSERT INTO order_event (order_id, seq, event, status, reason, at)
    SELECT id, revision, lower(status), status, rejected_because, ended_at FROM ended
  ),
  called AS (
    INSERT INTO webhook_delivery (order_id, seq, url)
    SELECT id, revision, webhook_url FROM ended WHERE webhook_url IS NOT NULL
  ),
  noted AS (
    INSERT INTO effects (saga_id, step, direction, command, command_id, order_id)
    SELECT $2::uuid, $3, $4, $5, $6::uuid, id FROM ended
  )
  SELECT ${COLUMNS} FROM orders WHERE id = $1`;

/** An order as its table has it. */
export type OrderRow = Omit<Order, 'totalCents' | 'rejection' | 'notice'> & {
  totalCents: string;
  reason: string | null;
  notice: string | null;
};

export function toOrder({ reason, notice, totalCents, ...row }: OrderRow): Order {
  return {
    ...row,
    totalCents: Number(totalCents),
    ...(reason === null ? {} : { rejection: rejectionFor(reason) }),
    ...(notice === null ? {} : { notice }),
  };
}

/** The payload of an order's events. */
export function toEventPayload({ orderId, customerId, lines, totalCents, currency }: Order): OrderPlaced {
  return { orderId, customerId, lines, totalCents, currency };
}
