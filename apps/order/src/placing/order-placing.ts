import { Injectable } from '@nestjs/common';
import { placeOrder } from '@palinode/contracts';
import { Sagas } from '@palinode/saga/participant';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { Catalogue } from '../catalogue/catalogue';
import { IdempotencyKeys, type IdempotentRequest } from '../idempotency/idempotency-keys';
import { Orders } from '../orders/orders';
import type { OrderRequest } from './placing-messages';
import { price } from './pricing';

export interface PlacedOrder {
  readonly orderId: string;
  readonly sagaId: string;
  /** Whether an earlier request with the same key placed it. */
  readonly repeated: boolean;
}

/** Places orders: the order and the start of its saga in one transaction, so that there is never one without the other. */
@Injectable()
export class OrderPlacing {
  constructor(
    private readonly dataSource: DataSource,
    private readonly catalogue: Catalogue,
    private readonly keys: IdempotencyKeys,
    private readonly orders: Orders,
    private readonly sagas: Sagas,
  ) {}

  async place(request: OrderRequest, idempotent?: IdempotentRequest): Promise<PlacedOrder> {
    const { customerId, paymentToken } = request;
    const priced = price(request.lines, (sku) => this.catalogue.find(sku));
    const { totalCents: amountCents, currency } = priced;
    const lines = priced.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    const orderId = uuidV7();
    const sagaId = await this.dataSource.transaction(async (tx) => {
      if (idempotent && !(await this.keys.claim(tx, idempotent, orderId))) return undefined;
      const input = { orderId, customerId, lines, amountCents, currency, paymentToken };
      const id = await this.sagas.start(tx, placeOrder, input);
      await this.orders.add(tx, { orderId, sagaId: id, customerId, priced });
      return id;
    });
    if (sagaId !== undefined) return { orderId, sagaId, repeated: false };
    if (idempotent === undefined) throw new Error('only a claimed key keeps an order from being placed');
    return { ...(await this.keys.answerTo(idempotent)), repeated: true };
  }
}
