import { defineSignal, defineStart } from '@palinode/saga/contract';
import { IsBoolean, IsInt, IsUUID, Matches } from 'class-validator';
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

/** An answer to one price of one revision, so that it says nothing about any other. */
export class CustomerConsent {
  @IsBoolean()
  accepted!: boolean;

  @IsUUID()
  revisionId!: string;

  /** What the revision asks for, as the customer was told. */
  @IsInt()
  differenceCents!: number;
}

export const reviseOrder = defineStart('revise-order', { input: ReviseOrder, subject: ({ orderId }) => orderId });

/** Whether the customer pays the higher price that a revision asks for. */
export const customerConsent = defineSignal('customer-consent', { payload: CustomerConsent });
