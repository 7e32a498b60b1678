import { defineStart } from '@palinode/saga/contract';
import { IsInt, IsString, IsUUID, Min } from 'class-validator';

export class PlaceOrder {
  @IsUUID() orderId!: string;
  @IsString() sku!: string;
  @IsInt() @Min(1) quantity!: number;
  @IsInt() @Min(1) amountCents!: number;
  @IsString() cardToken!: string;
}

/** What a service needs to start the saga. `subject` is the business key by which people look for it. */
export const placeOrder = defineStart('place-order', { input: PlaceOrder, subject: ({ orderId }) => orderId });
