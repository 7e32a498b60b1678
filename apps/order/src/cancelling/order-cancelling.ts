import { Injectable } from '@nestjs/common';
import { cancelOrder } from '@palinode/contracts';
import { Sagas } from '@palinode/saga/participant';
import { notFound } from '@palinode/service';
import { DataSource } from 'typeorm';
import { changeOrder, lockOrder } from '../orders/order-change';
import { notNow } from '../orders/not-now';

/** Takes approved orders back, when the customer wants to. */
@Injectable()
export class OrderCancelling {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sagas: Sagas,
  ) {}

  /** Resolves with the saga that does it. Throws a problem for an order that is not approved. */
  cancel(orderId: string): Promise<string> {
    return this.dataSource.transaction(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (order === undefined) throw notFound(`The order ${orderId}`);
      if (order.status !== 'APPROVED') throw notNow('cancelled', order);
      await changeOrder(tx, orderId, { status: 'CANCELLING' });
      const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
      return this.sagas.start(tx, cancelOrder, { orderId, lines });
    });
  }
}
