/*
 * Parameters of the statements that move money: $1 to $5 the effect (saga, step, direction, command, command id), of which
 * the command's id names the posting; $6 the account debited, $7 the account credited.
 */
export const POST_AND_RECORD = `
  posted AS (
    INSERT INTO ledger_entry (posting_id, order_id, account, amount_cents, currency)
    SELECT $5::uuid, moved.order_id, side.account, side.sign * moved.amount_cents, moved.currency
    FROM moved CROSS JOIN (VALUES ($6, 1), ($7, -1)) AS side (account, sign)
  ),
  noted AS (
    INSERT INTO effects (saga_id, step, direction, command, command_id, order_id)
    SELECT $1::uuid, $2, $3, $4, $5::uuid, order_id FROM moved
  )`;

/** $8 to $12 id, order, customer, amount and currency; $13 the gateway's reference. */
export const AUTHORIZE = `
  WITH moved AS (
    INSERT INTO card_authorization (id, order_id, customer_id, amount_cents, currency, status, gateway_reference)
    VALUES ($8, $9, $10, $11, $12, 'AUTHORIZED', $13)
    RETURNING order_id, amount_cents, currency
  ), ${POST_AND_RECORD}
  SELECT count(*) FROM moved`;

/** $1 to $5 id, order, customer, amount and currency; $6 the reason. */
export const DECLINE = `
  INSERT INTO card_authorization (id, order_id, customer_id, amount_cents, currency, status, declined_because)
  VALUES ($1, $2, $3, $4, $5, 'DECLINED', $6)`;

/** $8 the id by which authorizations are found; $9 the new status of those that are still open. */
export const CHANGE_STATUS = (found: 'id' | 'order_id'): string => `
  WITH moved AS (
    UPDATE card_authorization SET status = $9 WHERE ${found} = $8 AND status = 'AUTHORIZED'
    RETURNING order_id, amount_cents, currency
  ), ${POST_AND_RECORD}
  SELECT count(*) FROM moved`;
