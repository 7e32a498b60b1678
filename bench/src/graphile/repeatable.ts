/*
 * The effects of one order where a job may run again from its start: what was done already is not done twice. Giving stock
 * back and closing an order are so by themselves.
 */

export const RESERVE_ONCE = `
  WITH made AS (
    INSERT INTO reservation (order_id, sku, quantity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING sku, quantity
  ) UPDATE stock SET available = available - quantity, reserved = reserved + quantity FROM made WHERE stock.sku = made.sku`;

/** The payment has the order's id, so that the second attempt to charge meets the first one's row. */
export const CHARGE_ONCE = `
  INSERT INTO payment (id, order_id, amount_cents, status) VALUES ($1, $1, $2, $3) ON CONFLICT DO NOTHING`;
