import { defineSignal, defineStart } from '@palinode/saga/contract';
import { IsBoolean, IsUUID, Matches } from 'class-validator';
import { PAYMENT_TOKEN } from './identifiers';

/** What the revision is about is in the order service, under its id. */
export class ReviseOrder {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  revisionId!: string;

  /** The card that pays, should the order cost more. */
  @Matches(PAYMENT_TOKEN)
  paymentToken!: string;
}

export class CustomerConsent {
  @IsBoolean()
  accepted!: boolean;
}

export const reviseOrder = defineStart('revise-order', { input: ReviseOrder, subject: ({ orderId }) => orderId });

/** Whether the customer pays the higher price. */
export const customerConsent = defineSignal('customer-consent', { payload: CustomerConsent });
