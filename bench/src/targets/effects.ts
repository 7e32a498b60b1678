/* The effects of one order as statements, the same for the bare floor and for the saga's handlers. */

export const SKUS = 1_000;
export const STOCK_EACH = 1_000_000;
export const DECLINED = 'tok_declined';

export const TABLES = {
  order: `CREATE TABLE orders (id uuid PRIMARY KEY, sku text NOT NULL, quantity int NOT NULL, amount_cents int NOT NULL,
                               status text NOT NULL) WITH (fillfactor = 80)`,
  stock: `CREATE TABLE stock (sku text PRIMARY KEY, available int NOT NULL CHECK (available >= 0),
                              reserved int NOT NULL CHECK (reserved >= 0)) WITH (fillfactor = 50);
          CREATE TABLE reservation (order_id uuid PRIMARY KEY, sku text NOT NULL, quantity int NOT NULL, released boolean NOT NULL DEFAULT false);
          CREATE TABLE pick (order_id uuid NOT NULL, place int NOT NULL, PRIMARY KEY (order_id, place));
          INSERT INTO stock SELECT 'sku-' || n, ${STOCK_EACH}, 0 FROM generate_series(0, ${SKUS - 1}) AS n`,
  payment: `CREATE TABLE payment (id uuid PRIMARY KEY, order_id uuid NOT NULL, amount_cents int NOT NULL, status text NOT NULL)`,
} as const;

export const PLACE = `INSERT INTO orders (id, sku, quantity, amount_cents, status) VALUES ($1, $2, $3, $4, 'PENDING')`;

export const RESERVE = `
  WITH taken AS (
    UPDATE stock SET available = available - $3, reserved = reserved + $3 WHERE sku = $2 AND available >= $3 RETURNING sku
  ) INSERT INTO reservation (order_id, sku, quantity) SELECT $1, sku, $3 FROM taken RETURNING order_id`;

export const RELEASE = `
  WITH released AS (
    UPDATE reservation SET released = true WHERE order_id = $1 AND NOT released RETURNING sku, quantity
  ) UPDATE stock SET available = available + quantity, reserved = reserved - quantity FROM released WHERE stock.sku = released.sku`;

/** The effect of each additional step. */
export const PICK = 'INSERT INTO pick (order_id, place) VALUES ($1, $2)';

export const PUT_BACK = 'DELETE FROM pick WHERE order_id = $1 AND place = $2';

export const CHARGE = `INSERT INTO payment (id, order_id, amount_cents, status) VALUES ($1, $2, $3, $4)`;

export const CLOSE = `UPDATE orders SET status = $2 WHERE id = $1 AND status = 'PENDING'`;

/* Idempotent variants for jobs that may restart. Releasing stock and closing an order are idempotent anyway. */
export const RESERVE_ONCE = `
  WITH made AS (
    INSERT INTO reservation (order_id, sku, quantity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING sku, quantity
  ) UPDATE stock SET available = available - quantity, reserved = reserved + quantity FROM made WHERE stock.sku = made.sku`;

/** The payment has the order's id, so that a second charge conflicts with the first one's row. */
export const CHARGE_ONCE = `
  INSERT INTO payment (id, order_id, amount_cents, status) VALUES ($1, $1, $2, $3) ON CONFLICT DO NOTHING`;

export interface BenchOrder {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly amountCents: number;
  readonly token: string;
  /** Additional data of every message of the order's saga. */
  readonly note?: string;
}

/** The n-th order of a run; declined cards are spread evenly. */
export function orderOf(n: number, orderId: string, declined: number): BenchOrder {
  const isDeclined = Math.floor((n + 1) * declined) > Math.floor(n * declined);
  return {
    orderId,
    sku: `sku-${(n * 7919) % SKUS}`,
    quantity: 1 + (n % 3),
    amountCents: 100 + (n % 1_000),
    token: isDeclined ? DECLINED : 'tok_ok',
  };
}
