import { defineCommand, Sensitive } from '@palinode/saga/contract';
import { IsInt, IsUUID, Matches, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { CURRENCY, CUSTOMER_ID, PAYMENT_TOKEN } from './identifiers';

export class AuthorizePayment {
  @IsUUID()
  orderId!: string;

  @Matches(CUSTOMER_ID)
  @JSONSchema({ examples: ['ada'] })
  customerId!: string;

  @IsInt()
  @Min(1)
  amountCents!: number;

  @Matches(CURRENCY)
  @JSONSchema({ examples: ['EUR'] })
  currency!: string;

  /** A token for the card; only the card gateway can resolve it. */
  @Sensitive({ as: 'tok_masked' })
  @Matches(PAYMENT_TOKEN)
  @JSONSchema({ examples: ['tok_ok'] })
  paymentToken!: string;
}

export class PaymentAuthorized {
  @IsUUID()
  authorizationId!: string;
}

export class VoidPayment {
  @IsUUID()
  orderId!: string;
}

export class CapturePayment {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  authorizationId!: string;
}

export class RefundPayment {
  @IsUUID()
  orderId!: string;
}

export class ReversePayment {
  @IsUUID()
  orderId!: string;

  @IsInt()
  @Min(1)
  amountCents!: number;
}

/** Authorizes the amount on the customer's card. */
export const authorizePayment = defineCommand('payment.authorize', {
  payload: AuthorizePayment,
  reply: PaymentAuthorized,
  refusals: ['card-declined', 'insufficient-funds'],
});

/** Voids what was authorized for the order. */
export const voidPayment = defineCommand('payment.void', { payload: VoidPayment });

/** Captures the authorized amount. */
export const capturePayment = defineCommand('payment.capture', {
  payload: CapturePayment,
  refusals: ['authorization-expired'],
});

/** Refunds everything that was captured for the order. */
export const refundPayment = defineCommand('payment.refund', {
  payload: RefundPayment,
  refusals: ['not-refundable'],
});

/** Refunds a part of what was captured for the order, newest first. */
export const reversePayment = defineCommand('payment.reverse', { payload: ReversePayment });
