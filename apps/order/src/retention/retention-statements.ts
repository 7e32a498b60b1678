/** $1 days, $2 how many. The attempts go with their delivery. */
export const DELETE_OLD_DELIVERIES = `
  WITH old AS (
    SELECT id FROM webhook_delivery WHERE ended_at < now() - $1 * interval '1 day' LIMIT $2 FOR UPDATE SKIP LOCKED
  ), attempts AS (
    DELETE FROM webhook_attempt USING old WHERE delivery_id = old.id
  )
  DELETE FROM webhook_delivery USING old WHERE webhook_delivery.id = old.id
  RETURNING old.id`;

/**
 * $1 days, $2 how many, $3 after which instant. Keeps the last event of an order, so that clients see how it ended, and
 * each event that a webhook delivery refers to.
 */
export const DELETE_OLD_EVENTS = `
  WITH old AS (
    SELECT event.order_id, event.seq, event.at
    FROM order_event AS event JOIN orders ON orders.id = event.order_id AND event.seq < orders.revision
    WHERE event.at >= $3 AND event.at < now() - $1 * interval '1 day'
      AND NOT EXISTS (SELECT FROM webhook_delivery AS called WHERE (called.order_id, called.seq) = (event.order_id, event.seq))
    ORDER BY event.at LIMIT $2 FOR UPDATE OF event SKIP LOCKED
  )
  DELETE FROM order_event USING old WHERE (order_event.order_id, order_event.seq) = (old.order_id, old.seq)
  RETURNING old.at`;
