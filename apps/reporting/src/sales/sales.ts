import { Injectable } from '@nestjs/common';
import type { OrderApproved, OrderCancelled, OrderRejected, OrderRevised } from '@palinode/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { SalesQuery, SalesReport, SalesRow } from './sales-messages';

const TOTALS = {
  sku: 'sku',
  day: `to_char(day, 'YYYY-MM-DD')`,
} as const;

type StoredRow = Omit<SalesRow, 'orders' | 'quantity' | 'amountCents'> &
  Record<'orders' | 'quantity' | 'amountCents', string>;

@Injectable()
export class Sales {
  constructor(private readonly dataSource: DataSource) {}

  /** Keeps the lines of an order that was revised already, and dates them to this day. */
  async approved(tx: EntityManager, generation: number, order: OrderApproved, day: string): Promise<void> {
    const [, wasRevised]: [unknown, number] = await tx.query(
      `UPDATE sale SET day = $3 FROM revised_order
       WHERE sale.generation = $1 AND sale.order_id = $2 AND revised_order.generation = $1 AND revised_order.order_id = $2`,
      [generation, order.orderId, day],
    );
    if (wasRevised === 0) await this.add(tx, generation, order, day);
  }

  private async add(tx: EntityManager, generation: number, order: OrderApproved, day: string): Promise<void> {
    const { orderId, lines, currency } = order;
    await tx.query(
      `INSERT INTO sale (generation, order_id, sku, day, quantity, amount_cents, currency)
       SELECT $1, $2, sku, $3, sum(quantity), sum(quantity * price), $4
       FROM unnest($5::text[], $6::int[], $7::bigint[]) AS line (sku, quantity, price)
       WHERE NOT EXISTS (SELECT FROM cancellation WHERE generation = $1 AND order_id = $2)
       GROUP BY sku
       ON CONFLICT DO NOTHING`,
      [
        generation,
        orderId,
        day,
        currency,
        lines.map(({ sku }) => sku),
        lines.map(({ quantity }) => quantity),
        lines.map(({ unitPriceCents }) => unitPriceCents),
      ],
    );
  }

  /** Replaces the order's lines with those of its newest revision; the day of the sale stays. */
  async revised(tx: EntityManager, generation: number, order: OrderRevised, day: string): Promise<void> {
    const newer: unknown[] = await tx.query(
      `INSERT INTO revised_order (generation, order_id, revision) VALUES ($1, $2, $3)
       ON CONFLICT (generation, order_id) DO UPDATE SET revision = excluded.revision
       WHERE revised_order.revision <= excluded.revision RETURNING revision`,
      // Events of the first release carry no revision; they arrived in order.
      [generation, order.orderId, order.revision ?? 0],
    );
    if (newer.length === 0) return;
    const [sold]: { day: string | null }[] = await tx.query(
      `SELECT to_char(min(day), 'YYYY-MM-DD') AS day FROM sale WHERE generation = $1 AND order_id = $2`,
      [generation, order.orderId],
    );
    await this.takeBack(tx, generation, order.orderId);
    await this.add(tx, generation, order, sold?.day ?? day);
  }

  async cancelled(tx: EntityManager, generation: number, { orderId }: OrderCancelled, day: string): Promise<void> {
    await this.takeBack(tx, generation, orderId);
    await tx.query('INSERT INTO cancellation (generation, order_id, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      generation,
      orderId,
      day,
    ]);
  }

  async rejected(tx: EntityManager, generation: number, order: OrderRejected, day: string): Promise<void> {
    await tx.query(
      `INSERT INTO rejection (generation, order_id, day, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [generation, order.orderId, day, order.reason],
    );
  }

  /** Reads all counts from the serving generation. */
  async report({ by, from, to }: SalesQuery): Promise<SalesReport> {
    const within = `generation = (SELECT active FROM generation)
      AND ($1::date IS NULL OR day >= $1) AND ($2::date IS NULL OR day <= $2)`;
    const rows: StoredRow[] = await this.dataSource.query(
      `SELECT ${TOTALS[by]} AS ${by}, currency, count(DISTINCT order_id) AS orders, sum(quantity) AS quantity,
              sum(amount_cents) AS "amountCents"
       FROM sale WHERE ${within} GROUP BY 1, currency ORDER BY 1, currency`,
      [from ?? null, to ?? null],
    );
    const [counted]: { rejected: string; cancelled: string }[] = await this.dataSource.query(
      `SELECT (SELECT count(*) FROM rejection WHERE ${within}) AS rejected,
              (SELECT count(*) FROM cancellation WHERE ${within}) AS cancelled`,
      [from ?? null, to ?? null],
    );
    const { rejected = '0', cancelled = '0' } = counted ?? {};
    return { by, items: rows.map(toNumbers), rejected: Number(rejected), cancelled: Number(cancelled) };
  }

  private async takeBack(tx: EntityManager, generation: number, orderId: string): Promise<void> {
    await tx.query('DELETE FROM sale WHERE generation = $1 AND order_id = $2', [generation, orderId]);
  }
}

/** PostgreSQL returns bigint as text; no shop sells more units than a number holds. */
function toNumbers({ orders, quantity, amountCents, ...row }: StoredRow): SalesRow {
  return { ...row, orders: Number(orders), quantity: Number(quantity), amountCents: Number(amountCents) };
}
