import { defineStart } from '@palinode/saga/contract';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsUUID, ValidateNested } from 'class-validator';
import { OrderLine } from './order-line';

/** An approved order that the customer cancels, with the lines to return to the stock. */
export class CancelOrder {
  @IsUUID()
  orderId!: string;

  @ValidateNested({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Type(() => OrderLine)
  lines!: OrderLine[];
}

export const cancelOrder = defineStart('cancel-order', {
  input: CancelOrder,
  subject: ({ orderId }) => orderId,
  attributes: ({ lines }) => ({ sku: lines.map(({ sku }) => sku) }),
});
