import { Injectable } from '@nestjs/common';
import type { OrderApproved, OrderRejected } from '@palinode/contracts';
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

  async sold(tx: EntityManager, generation: number, order: OrderApproved, day: string): Promise<void> {
    const { orderId, lines, currency } = order;
    await tx.query(
      `INSERT INTO sale (generation, order_id, sku, day, quantity, amount_cents, currency)
       SELECT $1, $2, sku, $3, sum(quantity), sum(quantity * price), $4
       FROM unnest($5::text[], $6::int[], $7::bigint[]) AS line (sku, quantity, price) GROUP BY sku
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

  async rejected(tx: EntityManager, generation: number, order: OrderRejected, day: string): Promise<void> {
    await tx.query(
      `INSERT INTO rejection (generation, order_id, day, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [generation, order.orderId, day, order.reason],
    );
  }

  /** Reads both counts from the generation that serves at this moment. */
  async report({ by, from, to }: SalesQuery): Promise<SalesReport> {
    const within = `generation = (SELECT active FROM generation)
      AND ($1::date IS NULL OR day >= $1) AND ($2::date IS NULL OR day <= $2)`;
    const rows: StoredRow[] = await this.dataSource.query(
      `SELECT ${TOTALS[by]} AS ${by}, currency, count(DISTINCT order_id) AS orders, sum(quantity) AS quantity,
              sum(amount_cents) AS "amountCents"
       FROM sale WHERE ${within} GROUP BY 1, currency ORDER BY 1, currency`,
      [from ?? null, to ?? null],
    );
    const [counted]: { rejected: string }[] = await this.dataSource.query(
      `SELECT count(*) AS rejected FROM rejection WHERE ${within}`,
      [from ?? null, to ?? null],
    );
    return { by, items: rows.map(toNumbers), rejected: Number(counted?.rejected ?? 0) };
  }
}

/** bigint comes as text from the database; no shop sells more than a number holds. */
function toNumbers({ orders, quantity, amountCents, ...row }: StoredRow): SalesRow {
  return { ...row, orders: Number(orders), quantity: Number(quantity), amountCents: Number(amountCents) };
}
