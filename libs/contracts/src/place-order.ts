import { defineStart, Sensitive } from '@palinode/saga/contract';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsInt, IsUUID, Matches, Min, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { CURRENCY, CUSTOMER_ID, PAYMENT_TOKEN } from './identifiers';
import { OrderLine } from './order-line';

/** The input of the saga. The order service computes the amount; the customer cannot set it. */
export class PlaceOrder {
  @IsUUID()
  orderId!: string;

  @Matches(CUSTOMER_ID)
  @JSONSchema({ examples: ['ada'] })
  customerId!: string;

  @ValidateNested({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Type(() => OrderLine)
  lines!: OrderLine[];

  @IsInt()
  @Min(1)
  amountCents!: number;

  @Matches(CURRENCY)
  @JSONSchema({ examples: ['EUR'] })
  currency!: string;

  @Sensitive({ as: 'tok_masked' })
  @Matches(PAYMENT_TOKEN)
  @JSONSchema({ examples: ['tok_ok'] })
  paymentToken!: string;
}

export const placeOrder = defineStart('place-order', {
  input: PlaceOrder,
  subject: ({ orderId }) => orderId,
  attributes: ({ customerId, lines, paymentToken }) => ({
    customerId,
    sku: lines.map(({ sku }) => sku),
    paymentToken: { sensitive: paymentToken },
  }),
});
