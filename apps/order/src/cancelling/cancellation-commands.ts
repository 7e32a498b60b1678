import { Controller } from '@nestjs/common';
import {
  DropCancellation,
  dropCancellation,
  FinishCancellation,
  finishCancellation,
  orderCancelled,
} from '@palinode/contracts';
import { commandOf, Events, HandleCommand, onCommitted } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { OrderNews } from '../news/order-news';
import { changeOrder, lockOrder, noteEffect } from '../orders/order-change';
import { asOrdered } from '../orders/ordered';
import { ImpossibleEndError } from '../orders/orders';

@Controller()
export class CancellationCommands {
  constructor(
    private readonly events: Events,
    private readonly news: OrderNews,
  ) {}

  @HandleCommand(finishCancellation, { transaction: 'shared' })
  async finish({ orderId }: FinishCancellation, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    if (order?.status === 'CANCELLED') return;
    if (order?.status !== 'CANCELLING') throw new ImpossibleEndError(orderId, 'CANCELLED', order?.status);
    await changeOrder(tx, orderId, { status: 'CANCELLED' });
    await noteEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.news.tell([orderId]));
    await this.events.publish(tx, orderCancelled, asOrdered(order));
  }

  @HandleCommand(dropCancellation, { transaction: 'shared' })
  async drop({ orderId, reason }: DropCancellation, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    if (order?.status !== 'CANCELLING') return;
    await changeOrder(tx, orderId, { status: 'APPROVED', event: 'kept', notice: `Not cancelled: ${reason}` });
    await noteEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.news.tell([orderId]));
  }
}
