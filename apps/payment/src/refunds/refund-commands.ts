import { Controller, Inject } from '@nestjs/common';
import { RefundPayment, refundPayment, ReversePayment, reversePayment } from '@palinode/contracts';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { commandOf, HandleCommand, once } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { CARD_GATEWAY, type CardGateway } from '../card-gateway/card-gateway';
import { Refunds, type Portion, type SettledPortion } from './refunds';

/**
 * Refunds captured amounts. Each part is stored as soon as the gateway has paid it back: a failure at a later part neither
 * loses nor repeats the earlier ones. A part that the gateway does not pay back is owed to the customer.
 */
@Controller()
export class RefundCommands {
  constructor(
    private readonly refunds: Refunds,
    @Inject(CARD_GATEWAY) private readonly gateway: CardGateway,
  ) {}

  /** Refuses when the gateway does not pay back the first part: then nothing was paid back, and nothing changes. */
  @HandleCommand(refundPayment)
  async refund({ orderId }: RefundPayment, tx: EntityManager): Promise<void | Refusal<'not-refundable'>> {
    const [first, ...more] = await this.refunds.lock(tx, orderId);
    if (first === undefined) return refuse('not-refundable', 'Nothing was captured for this order.');
    const settled = await this.payBack(tx, first);
    if (settled.refundedCents === 0) return refuse('not-refundable');
    await this.refunds.post(tx, commandOf(tx), [settled, ...(await this.payBackAll(tx, more))]);
  }

  @HandleCommand(reversePayment)
  async reverse({ orderId, amountCents }: ReversePayment, tx: EntityManager): Promise<void> {
    const portions = await this.refunds.lock(tx, orderId, amountCents);
    await this.refunds.post(tx, commandOf(tx), await this.payBackAll(tx, portions));
  }

  private async payBackAll(tx: EntityManager, portions: readonly Portion[]): Promise<SettledPortion[]> {
    const settled: SettledPortion[] = [];
    for (const portion of portions) settled.push(await this.payBack(tx, portion));
    return settled;
  }

  private payBack(tx: EntityManager, { id, reference, amountCents }: Portion): Promise<SettledPortion> {
    return once(tx, `refund:${id}`, async (idempotencyKey) => {
      const answer = await this.gateway.refund({ idempotencyKey, reference, amountCents });
      const refundedCents = answer === 'refunded' ? amountCents : 0;
      return { id, refundedCents, owedCents: amountCents - refundedCents };
    });
  }
}
