import { Controller, Inject } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { RefundPayment, refundPayment, ReversePayment, reversePayment } from '@palinode/contracts';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { CommandContext, HandleCommand } from '@palinode/saga/participant';
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
  async refund({ orderId }: RefundPayment, @Ctx() context: CommandContext): Promise<void | Refusal<'not-refundable'>> {
    const [first, ...more] = await this.refunds.lock(context.transaction, orderId);
    if (first === undefined) return refuse('not-refundable', 'Nothing was captured for this order.');
    const settled = await this.payBack(context, first);
    if (settled.refundedCents === 0) return refuse('not-refundable');
    await this.refunds.post(context.transaction, context.command, [settled, ...(await this.payBackAll(context, more))]);
  }

  @HandleCommand(reversePayment)
  async reverse({ orderId, amountCents }: ReversePayment, @Ctx() context: CommandContext): Promise<void> {
    const portions = await this.refunds.lock(context.transaction, orderId, amountCents);
    await this.refunds.post(context.transaction, context.command, await this.payBackAll(context, portions));
  }

  private async payBackAll(context: CommandContext, portions: readonly Portion[]): Promise<SettledPortion[]> {
    const settled: SettledPortion[] = [];
    for (const portion of portions) settled.push(await this.payBack(context, portion));
    return settled;
  }

  private payBack(context: CommandContext, { id, reference, amountCents }: Portion): Promise<SettledPortion> {
    return context.once(`refund:${id}`, async (idempotencyKey) => {
      const answer = await this.gateway.refund({ idempotencyKey, reference, amountCents });
      const refundedCents = answer === 'refunded' ? amountCents : 0;
      return { id, refundedCents, owedCents: amountCents - refundedCents };
    });
  }
}
