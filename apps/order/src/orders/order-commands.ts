import { Controller } from '@nestjs/common';
import {
  ConfirmOrder,
  confirmOrder,
  orderApproved,
  orderRejected,
  RejectOrder,
  rejectOrder,
} from '@palinode/contracts';
import { commandOf, Events, HandleCommand, onCommitted } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { PendingOrders } from '../admission/pending-orders';
import { OrderChangeNotifier } from '../change-notifications/order-change-notifier';
import { toEventPayload } from './order-statements';
import { Orders } from './orders';

@Controller()
export class OrderCommands {
  constructor(
    private readonly orders: Orders,
    private readonly pending: PendingOrders,
    private readonly notifier: OrderChangeNotifier,
    private readonly events: Events,
  ) {}

  @HandleCommand(confirmOrder, { transaction: 'per-batch' })
  async confirm({ orderId }: ConfirmOrder, tx: EntityManager): Promise<void> {
    const approved = await this.orders.approve(tx, commandOf(tx), orderId);
    if (approved) {
      onCommitted(tx, () => this.pending.ended());
      await this.events.publish(tx, orderApproved, toEventPayload(approved));
    }
    onCommitted(tx, () => this.notifier.notify([orderId]));
  }

  @HandleCommand(rejectOrder, { transaction: 'per-batch' })
  async reject({ orderId, reason }: RejectOrder, tx: EntityManager): Promise<void> {
    const rejected = await this.orders.reject(tx, commandOf(tx), orderId, reason);
    if (rejected) {
      const { customerId } = rejected;
      onCommitted(tx, () => this.pending.ended());
      await this.events.publish(tx, orderRejected, { orderId, customerId, reason });
    }
    onCommitted(tx, () => this.notifier.notify([orderId]));
  }
}
