import { Controller } from '@nestjs/common';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { HandleCommand, once } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { ChargeCard, chargeCard } from '../contracts/index.js';
import { CardGateway } from './card-gateway.js';

@Controller()
export class PaymentsCommands {
  constructor(private readonly gateway: CardGateway) {}

  /** `once` stores what the gateway answers, so that no later attempt charges again. */
  @HandleCommand(chargeCard)
  async chargeCard(
    { orderId, amountCents, cardToken }: ChargeCard,
    tx: EntityManager,
  ): Promise<void | Refusal<'card-declined'>> {
    const answer = await once(tx, 'charge', (idempotencyKey) =>
      this.gateway.charge({ idempotencyKey, amountCents, cardToken }),
    );
    if (answer === 'declined') return refuse('card-declined');
    await tx.query('INSERT INTO charge (order_id, amount_cents) VALUES ($1, $2)', [orderId, amountCents]);
  }
}
