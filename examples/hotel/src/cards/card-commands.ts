import { Controller, Inject } from '@nestjs/common';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { HandleCommand, once } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { ChargeCard, chargeCard } from '../contracts.js';

export interface ChargeRequest {
  readonly idempotencyKey: string;
  readonly amountCents: number;
  readonly token: string;
  /** Aborts when the handler's time is over. */
  readonly signal: AbortSignal;
}

export abstract class CardGateway {
  abstract charge(request: ChargeRequest): Promise<'ok' | 'declined'>;
}

@Controller()
export class CardCommands {
  constructor(@Inject(CardGateway) private readonly gateway: CardGateway) {}

  @HandleCommand(chargeCard)
  async charge(
    { bookingId, amountCents, cardToken }: ChargeCard,
    tx: EntityManager,
  ): Promise<void | Refusal<'card-declined'>> {
    // #region call
    const answer = await once(tx, 'charge', (idempotencyKey, signal) =>
      this.gateway.charge({ idempotencyKey, amountCents, token: cardToken, signal }),
    );
    // #endregion
    if (answer === 'declined') return refuse('card-declined');
    await tx.query('INSERT INTO charge (booking_id, amount_cents) VALUES ($1, $2)', [bookingId, amountCents]);
  }
}
