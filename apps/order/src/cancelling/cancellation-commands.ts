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
import { OrderChangeNotifier } from '../change-notifications/order-change-notifier';
import { changeOrder, lockOrder, recordEffect } from '../orders/order-change';
import { toEventPayload } from '../orders/order-statements';
import { ImpossibleEndError } from '../orders/orders';

@Controller()
export class CancellationCommands {
  constructor(
    private readonly events: Events,
    private readonly notifier: OrderChangeNotifier,
  ) {}

  @HandleCommand(finishCancellation, { transaction: 'per-batch' })
  async finish({ orderId }: FinishCancellation, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    if (order?.status === 'CANCELLED') return;
    if (order?.status !== 'CANCELLING') throw new ImpossibleEndError(orderId, 'CANCELLED', order?.status);
    await changeOrder(tx, orderId, { status: 'CANCELLED' });
    await recordEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.notifier.notify([orderId]));
    await this.events.publish(tx, orderCancelled, toEventPayload(order));
  }

  @HandleCommand(dropCancellation, { transaction: 'per-batch' })
  async drop({ orderId, reason }: DropCancellation, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    if (order?.status !== 'CANCELLING') return;
    await changeOrder(tx, orderId, { status: 'APPROVED', event: 'kept', notice: `Not cancelled: ${reason}` });
    await recordEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.notifier.notify([orderId]));
  }
}
