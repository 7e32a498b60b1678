import { Controller } from '@nestjs/common';
import { Events, HandleCommand } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { ApproveOrder, approveOrder, orderApproved, RejectOrder, rejectOrder } from '../contracts/index.js';

@Controller()
export class OrdersCommands {
  constructor(private readonly events: Events) {}

  @HandleCommand(approveOrder, { transaction: 'per-batch' })
  async approveOrder({ orderId }: ApproveOrder, tx: EntityManager): Promise<void> {
    await tx.query(`UPDATE orders SET status = 'APPROVED' WHERE id = $1`, [orderId]);
    await this.events.publish(tx, orderApproved, { orderId });
  }

  @HandleCommand(rejectOrder, { transaction: 'per-batch' })
  async rejectOrder({ orderId, reason }: RejectOrder, tx: EntityManager): Promise<void> {
    await tx.query(`UPDATE orders SET status = 'REJECTED', reason = $2 WHERE id = $1`, [orderId, reason]);
  }
}
