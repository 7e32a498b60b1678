import { IsInt, IsOptional, IsString, IsUUID, Min } from 'class-validator';
import { defineCommand, defineStart } from '@palinode/saga/contract';

export class Order {
  @IsUUID() orderId!: string;
  @IsString() sku!: string;
  @IsInt() @Min(1) quantity!: number;
  @IsInt() @Min(1) amountCents!: number;
  @IsString() token!: string;
  @IsOptional() @IsString() note?: string;
}

export class OrderId {
  @IsUUID() orderId!: string;
  @IsOptional() @IsString() note?: string;
}

export class Reserve extends OrderId {
  @IsString() sku!: string;
  @IsInt() @Min(1) quantity!: number;
}

export class Picking extends OrderId {
  @IsInt() @Min(1) place!: number;
}

export class Authorize extends OrderId {
  @IsInt() @Min(1) amountCents!: number;
  @IsString() token!: string;
}

export class Authorized {
  @IsUUID() authorizationId!: string;
}

export const reserve = defineCommand('stock.reserve', { payload: Reserve, refusals: ['out-of-stock'] });
export const release = defineCommand('stock.release', { payload: OrderId });
export const pick = defineCommand('stock.pick', { payload: Picking });
export const putBack = defineCommand('stock.put-back', { payload: Picking });
export const authorize = defineCommand('payment.authorize', {
  payload: Authorize,
  reply: Authorized,
  refusals: ['declined'],
});
export const approve = defineCommand('order.approve', { payload: OrderId });
export const reject = defineCommand('order.reject', { payload: OrderId });
export const buy = defineStart('buy', { input: Order, subject: ({ orderId }) => orderId });
