import { Injectable } from '@nestjs/common';
import { Sagas } from '@palinode/saga/participant';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { placeOrder, type PlaceOrder } from '../contracts/index.js';

const PRICE_CENTS = 1_250;

export interface Order {
  readonly id: string;
  readonly status: 'PENDING' | 'APPROVED' | 'REJECTED';
  readonly reason: string | null;
}

@Injectable()
export class Orders {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sagas: Sagas,
  ) {}

  /** There is never an order without its saga, nor a saga without its order: one transaction writes both. */
  place(request: Pick<PlaceOrder, 'sku' | 'quantity' | 'cardToken'>): Promise<{ orderId: string; sagaId: string }> {
    const orderId = uuidV7();
    const { sku, quantity, cardToken } = request;
    return this.dataSource.transaction(async (tx) => {
      await tx.query('INSERT INTO orders (id, sku, quantity) VALUES ($1, $2, $3)', [orderId, sku, quantity]);
      const amountCents = quantity * PRICE_CENTS;
      const sagaId = await this.sagas.start(tx, placeOrder, { orderId, sku, quantity, amountCents, cardToken });
      return { orderId, sagaId };
    });
  }

  async find(orderId: string): Promise<Order | undefined> {
    const [order] = await this.dataSource.query<Order[]>('SELECT id, status, reason FROM orders WHERE id = $1', [
      orderId,
    ]);
    return order;
  }
}
