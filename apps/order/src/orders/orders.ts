import { Injectable } from '@nestjs/common';
import type { Command } from '@palinode/saga/contract';
import { readPage } from '@palinode/saga/http';
import { effectOf } from '@palinode/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Priced } from '../catalogue/pricing';
import type { Order, OrderPage, OrderQuery, OrderStatus } from './order-messages';
import {
  COUNT_PENDING,
  END_ORDER,
  FIND_ORDERS,
  INSERT_ORDERS,
  LIST_ORDERS,
  type OrderRow as Row,
  toOrder,
} from './order-statements';

export interface NewOrder {
  readonly orderId: string;
  readonly sagaId: string;
  readonly customerId: string;
  readonly priced: Priced;
  /** The URL that is called on each event. */
  readonly webhookUrl: string | undefined;
}

/** A command wants to end an order that does not exist or has ended differently. This needs an operator. */
export class ImpossibleEndError extends Error {
  override readonly name = 'ImpossibleEndError';

  constructor(orderId: string, wanted: OrderStatus, found: OrderStatus | undefined) {
    super(`Order ${orderId} cannot become ${wanted}: it ${found === undefined ? 'does not exist' : `is ${found}`}.`);
  }
}

@Injectable()
export class Orders {
  private reading: { readonly orderIds: Set<string>; readonly found: Promise<Map<string, Order>> } | undefined;

  constructor(private readonly dataSource: DataSource) {}

  async add(tx: EntityManager, orders: readonly NewOrder[]): Promise<void> {
    await tx.query(INSERT_ORDERS, [
      orders.map(({ orderId }) => orderId),
      orders.map(({ sagaId }) => sagaId),
      orders.map(({ customerId }) => customerId),
      orders.map(({ priced }) => JSON.stringify(priced.lines)),
      orders.map(({ priced }) => priced.totalCents),
      orders.map(({ priced }) => priced.currency),
      orders.map(({ webhookUrl }) => webhookUrl),
    ]);
  }

  /** Lookups in the same turn of the event loop, such as after a commit, share one statement. */
  async find(orderId: string): Promise<Order | undefined> {
    this.reading ??= this.batchedRead();
    const { orderIds, found } = this.reading;
    orderIds.add(orderId);
    return (await found).get(orderId);
  }

  async page({ status, customerId, limit, cursor }: OrderQuery): Promise<OrderPage> {
    const { items, ...rest } = await readPage<Row>(
      { cursor, limit },
      ({ orderId }) => orderId,
      (after, most) => this.dataSource.query(LIST_ORDERS, [status ?? null, customerId ?? null, after ?? null, most]),
    );
    return { items: items.map(toOrder), ...rest };
  }

  async countPending(): Promise<number> {
    const [row]: { pending: number }[] = await this.dataSource.query(COUNT_PENDING);
    return row?.pending ?? 0;
  }

  /** Resolves with the order when this call ended it, and with undefined when it had ended before. */
  async approve(tx: EntityManager, command: Command, orderId: string): Promise<Order | undefined> {
    const found = await this.end(tx, command, orderId, 'APPROVED');
    if (found === undefined || found.status === 'REJECTED')
      throw new ImpossibleEndError(orderId, 'APPROVED', found?.status);
    return found.status === 'PENDING' ? found : undefined;
  }

  /** Like `approve`. Also succeeds when there is no such order: then there is nothing to reject. */
  async reject(tx: EntityManager, command: Command, orderId: string, reason: string): Promise<Order | undefined> {
    const found = await this.end(tx, command, orderId, 'REJECTED', reason);
    if (found?.status === 'APPROVED') throw new ImpossibleEndError(orderId, 'REJECTED', found.status);
    return found?.status === 'PENDING' ? found : undefined;
  }

  private batchedRead(): NonNullable<typeof this.reading> {
    const orderIds = new Set<string>();
    const found = new Promise(setImmediate).then(async () => {
      this.reading = undefined;
      const rows: Row[] = await this.dataSource.query(FIND_ORDERS, [[...orderIds]]);
      return new Map(rows.map((row) => [row.orderId, toOrder(row)]));
    });
    return { orderIds, found };
  }

  /** The order as it was before. */
  private async end(
    tx: EntityManager,
    command: Command,
    orderId: string,
    status: OrderStatus,
    reason: string | null = null,
  ): Promise<Order | undefined> {
    const [before]: Row[] = await tx.query(END_ORDER, [orderId, ...effectOf(command), status, reason]);
    return before && toOrder(before);
  }
}
