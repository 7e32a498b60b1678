import { Controller, Inject } from '@nestjs/common';
import { RefundPayment, refundPayment, ReversePayment, reversePayment } from '@palinode/contracts';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { commandOf, HandleCommand, idempotencyKeyOf } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { CARD_GATEWAY, type CardGateway } from '../card-gateway/card-gateway';
import { Refunds, type Portion } from './refunds';

/** The gateway pays back a part of what it was asked to, or nothing where it must: somebody has to look. */
export class NotRefundableError extends Error {
  override readonly name = 'NotRefundableError';

  constructor(orderId: string) {
    super(`The card gateway does not pay back what was taken for order ${orderId}.`);
  }
}

@Controller()
export class RefundCommands {
  constructor(
    private readonly refunds: Refunds,
    @Inject(CARD_GATEWAY) private readonly gateway: CardGateway,
  ) {}

  @HandleCommand(refundPayment)
  async refund({ orderId }: RefundPayment, tx: EntityManager): Promise<void | Refusal<'not-refundable'>> {
    const portions = await this.refunds.lock(tx, orderId);
    if (portions.length === 0) return refuse('not-refundable', 'Nothing was taken for this order.');
    if (!(await this.payBack(tx, portions, orderId))) return refuse('not-refundable');
  }

  @HandleCommand(reversePayment)
  async reverse({ orderId, amountCents }: ReversePayment, tx: EntityManager): Promise<void> {
    const portions = await this.refunds.lock(tx, orderId, amountCents);
    if (!(await this.payBack(tx, portions, orderId))) throw new NotRefundableError(orderId);
  }

  /** False when the gateway refuses, and nothing was paid back. */
  private async payBack(tx: EntityManager, portions: readonly Portion[], orderId: string): Promise<boolean> {
    const key = idempotencyKeyOf(tx);
    for (const [index, { reference, amountCents }] of portions.entries()) {
      const answer = await this.gateway.refund({ idempotencyKey: `${key}/${reference}`, reference, amountCents });
      if (answer === 'refunded') continue;
      if (index === 0) return false;
      throw new NotRefundableError(orderId);
    }
    await this.refunds.post(tx, commandOf(tx), portions);
    return true;
  }
}
