import { Controller } from '@nestjs/common';
import {
  OrderApproved,
  orderApproved,
  OrderCancelled,
  orderCancelled,
  OrderPlaced,
  orderPlaced,
  OrderRejected,
  orderRejected,
  OrderRevised,
  orderRevised,
} from '@palinode/contracts';
import { HandleEvent } from '@palinode/saga/subscriber';
import { EntityManager } from 'typeorm';
import { Notifications } from './notifications';
import { approvedText, cancelledText, placedText, rejectedText, revisedText } from './templates';

/** Each message depends only on its own event, so events may arrive in any order. */
@Controller()
export class NotificationEvents {
  constructor(private readonly notifications: Notifications) {}

  @HandleEvent(orderPlaced)
  async placed(order: OrderPlaced, tx: EntityManager): Promise<void> {
    await this.notifications.send(tx, { ...order, kind: 'order-placed', ...placedText(order) });
  }

  @HandleEvent(orderApproved)
  async approved(order: OrderApproved, tx: EntityManager): Promise<void> {
    await this.notifications.send(tx, { ...order, kind: 'order-approved', ...approvedText(order) });
  }

  @HandleEvent(orderRejected)
  async rejected(order: OrderRejected, tx: EntityManager): Promise<void> {
    await this.notifications.send(tx, { ...order, kind: 'order-rejected', ...rejectedText(order) });
  }

  @HandleEvent(orderCancelled)
  async cancelled(order: OrderCancelled, tx: EntityManager): Promise<void> {
    await this.notifications.send(tx, { ...order, kind: 'order-cancelled', ...cancelledText(order) });
  }

  @HandleEvent(orderRevised)
  async revised(order: OrderRevised, tx: EntityManager): Promise<void> {
    await this.notifications.send(tx, { ...order, kind: 'order-revised', ...revisedText(order) });
  }
}
