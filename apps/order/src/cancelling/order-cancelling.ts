import { Injectable } from '@nestjs/common';
import { cancelOrder } from '@palinode/contracts';
import { Sagas } from '@palinode/saga/participant';
import { notFound } from '@palinode/service';
import { DataSource } from 'typeorm';
import { changeOrder, lockOrder, statusConflict } from '../orders/order-change';

/** Cancels approved orders on the customer's request. */
@Injectable()
export class OrderCancelling {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sagas: Sagas,
  ) {}

  /** Starts the cancelling saga and resolves with its id. Throws a problem for an order that is not approved. */
  cancel(orderId: string): Promise<string> {
    return this.dataSource.transaction(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (order === undefined) throw notFound(`The order ${orderId}`);
      if (order.status !== 'APPROVED') throw statusConflict('cancelled', order);
      await changeOrder(tx, orderId, { status: 'CANCELLING' });
      const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
      return this.sagas.start(tx, cancelOrder, { orderId, lines });
    });
  }
}
