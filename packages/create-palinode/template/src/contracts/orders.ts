import { defineCommand, defineEvent } from '@palinode/saga/contract';
import { IsString, IsUUID } from 'class-validator';

export class ApproveOrder {
  @IsUUID() orderId!: string;
}
export class RejectOrder {
  @IsUUID() orderId!: string;
  @IsString() reason!: string;
}
export class OrderApproved {
  @IsUUID() orderId!: string;
}

export const approveOrder = defineCommand('orders.approve-order', { payload: ApproveOrder });
export const rejectOrder = defineCommand('orders.reject-order', { payload: RejectOrder });
export const orderApproved = defineEvent('orders.order-approved', {
  payload: OrderApproved,
  subject: ({ orderId }) => orderId,
});
