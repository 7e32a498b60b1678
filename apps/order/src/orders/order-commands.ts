import { Controller } from '@nestjs/common';
import { ConfirmOrder, confirmOrder, RejectOrder, rejectOrder } from '@palinode/contracts';
import { commandOf, HandleCommand, onCommitted } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { OrderOutcomes } from '../waiting/order-outcomes';
import { Orders } from './orders';

@Controller()
export class OrderCommands {
  constructor(
    private readonly orders: Orders,
    private readonly outcomes: OrderOutcomes,
  ) {}

  @HandleCommand(confirmOrder, { transaction: 'shared' })
  async confirm({ orderId }: ConfirmOrder, tx: EntityManager): Promise<void> {
    await this.orders.approve(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.outcomes.announce(orderId));
  }

  @HandleCommand(rejectOrder, { transaction: 'shared' })
  async reject({ orderId, reason }: RejectOrder, tx: EntityManager): Promise<void> {
    await this.orders.reject(tx, commandOf(tx), orderId, reason);
    onCommitted(tx, () => this.outcomes.announce(orderId));
  }
}
