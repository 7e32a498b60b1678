import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OrderEvent } from './order-event';

/** A client's position in an order's events: the number of the last event it has. */
export interface Position {
  readonly orderId: string;
  readonly seq: number;
}

/** The next events, up to a page. */
export interface Page {
  readonly events: readonly OrderEvent[];
  readonly hasMore: boolean;
}

const PAGE = 100;

/** $1 orders, $2 numbers, $3 how many events of each. */
const AFTER = `
  SELECT n::int, page.*
  FROM unnest($1::uuid[], $2::integer[]) WITH ORDINALITY AS position (order_id, seq, n)
  CROSS JOIN LATERAL (
    SELECT order_id AS "orderId", seq, event, status, reason, at FROM order_event
    WHERE order_event.order_id = position.order_id AND order_event.seq > position.seq
    ORDER BY seq LIMIT $3
  ) AS page
  ORDER BY n, page.seq`;

/** Reads order events, which the transactions that change orders write. */
@Injectable()
export class OrderHistory {
  constructor(private readonly dataSource: DataSource) {}

  /** Reads a page after each position, in one statement and in the positions' order. */
  async after(positions: readonly Position[]): Promise<readonly Page[]> {
    const orderIds = positions.map(({ orderId }) => orderId);
    const seqs = positions.map(({ seq }) => seq);
    // One more row than a page tells whether there is more.
    const rows: (OrderEvent & { n: number })[] = await this.dataSource.query(AFTER, [orderIds, seqs, PAGE + 1]);
    const found: OrderEvent[][] = positions.map(() => []);
    for (const { n, ...event } of rows) found[n - 1]?.push(event);
    return found.map((events) => ({ events: events.slice(0, PAGE), hasMore: events.length > PAGE }));
  }
}
