import { defineSignal, defineStart, Sensitive } from '@palinode/saga/contract';
import { IsBoolean, IsInt, IsUUID, Matches } from 'class-validator';
import { PAYMENT_TOKEN } from './identifiers';

/** The revision's lines are in the order service, under its id. */
export class ReviseOrder {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  revisionId!: string;

  /** The card that pays a higher price. */
  @Sensitive({ as: 'tok_masked' })
  @Matches(PAYMENT_TOKEN)
  paymentToken!: string;
}

/** A customer's answer to one price of one revision; it does not count for another price or revision. */
export class CustomerConsent {
  @IsBoolean()
  accepted!: boolean;

  @IsUUID()
  revisionId!: string;

  /** The price difference that was shown to the customer. */
  @IsInt()
  differenceCents!: number;
}

export const reviseOrder = defineStart('revise-order', {
  input: ReviseOrder,
  subject: ({ orderId }) => orderId,
  attributes: ({ paymentToken }) => ({ paymentToken: { sensitive: paymentToken } }),
});

/** Whether the customer accepts the higher price of a revision. */
export const customerConsent = defineSignal('customer-consent', { payload: CustomerConsent });
