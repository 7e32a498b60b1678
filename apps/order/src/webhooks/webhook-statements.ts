/**
 * Claims per host at most as many due deliveries as calls are free for it. Order: customers with the fewest calls in
 * progress, then deliveries that have not failed, then hosts with the fewest calls in progress. So a target that never
 * answers delays only itself, and a customer with many of them leaves the next free call to other customers.
 */
export const CLAIM = `
  WITH busy AS (
    SELECT * FROM unnest($1::text[], $2::integer[]) AS busy (host, calls)
  ), occupied AS (
    SELECT * FROM unnest($6::text[], $7::integer[]) AS occupied (customer, calls)
  ), due AS (
    SELECT DISTINCT host FROM webhook_delivery WHERE status = 'PENDING' AND due_at <= clock_timestamp()
  ), oldest AS (
    SELECT oldest.id, oldest.due_at, oldest.attempts > 0 AS failed, coalesce(busy.calls, 0) + oldest.place AS host_rank,
           coalesce(orders.customer_id, oldest.order_id::text) AS customer
    FROM due LEFT JOIN busy USING (host)
    CROSS JOIN LATERAL (
      SELECT id, order_id, due_at, attempts, row_number() OVER (ORDER BY due_at) AS place FROM webhook_delivery
      WHERE host = due.host AND status = 'PENDING' AND due_at <= clock_timestamp()
      ORDER BY due_at LIMIT greatest($3 - coalesce(busy.calls, 0), 0)
    ) AS oldest
    LEFT JOIN orders ON orders.id = oldest.order_id
  ), ranked AS (
    SELECT id, failed, host_rank, due_at, customer, coalesce(occupied.calls, 0)
             + row_number() OVER (PARTITION BY customer ORDER BY failed, host_rank, due_at) AS customer_rank
    FROM oldest LEFT JOIN occupied USING (customer)
  ), next AS (
    SELECT id, customer FROM ranked ORDER BY customer_rank, failed, host_rank, due_at LIMIT $4
  ), claimed AS (
    SELECT id, customer FROM webhook_delivery JOIN next USING (id)
    WHERE status = 'PENDING' AND due_at <= clock_timestamp()
    FOR UPDATE OF webhook_delivery SKIP LOCKED
  ), begun AS (
    UPDATE webhook_delivery SET attempts = attempts + 1, due_at = clock_timestamp() + $5 * interval '1 ms'
    FROM claimed WHERE webhook_delivery.id = claimed.id
    RETURNING webhook_delivery.*, claimed.customer
  )
  SELECT begun.id, begun.customer, begun.host, begun.url, begun.attempts, order_event.order_id AS "orderId", order_event.seq,
         order_event.event, order_event.status, order_event.reason, order_event.at
  FROM begun JOIN order_event USING (order_id, seq)`;

/**
 * Records how an attempt ended: $1 delivery, $2 attempt, $3 duration, $4 HTTP status, $5 problem, $6 the delivery's new
 * status, $7 milliseconds to the next attempt, $8 hours after which the delivery is given up.
 */
export const RECORD_OUTCOME = `
  WITH noted AS (
    INSERT INTO webhook_attempt (delivery_id, attempt, took_ms, http_status, problem) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
  ), next AS (
    SELECT id, CASE WHEN $6 = 'PENDING' AND clock_timestamp() + $7 * interval '1 ms' > created_at + $8 * interval '1 hour'
                    THEN 'GIVEN_UP' ELSE $6 END AS status
    FROM webhook_delivery WHERE id = $1 AND status = 'PENDING' AND attempts = $2
  )
  UPDATE webhook_delivery
  SET status = next.status, due_at = clock_timestamp() + $7 * interval '1 ms',
      ended_at = CASE WHEN next.status = 'PENDING' THEN NULL ELSE clock_timestamp() END
  FROM next WHERE webhook_delivery.id = next.id
  RETURNING webhook_delivery.status`;

export const FIND_DELIVERIES = `
  SELECT id, order_event.event, webhook_delivery.seq, host, webhook_delivery.status, due_at AS "dueAt",
         created_at AS "createdAt", ended_at AS "endedAt",
         coalesce((SELECT json_agg(json_build_object('attempt', attempt, 'at', webhook_attempt.at, 'tookMs', took_ms,
                                                     'status', http_status, 'problem', problem) ORDER BY attempt)
                   FROM webhook_attempt WHERE delivery_id = webhook_delivery.id), '[]') AS log
  FROM webhook_delivery JOIN order_event USING (order_id, seq)
  WHERE order_id = $1 ORDER BY webhook_delivery.seq`;
