/** Stands for a payment provider: it declines `tok_declined` and accepts all other cards. */
export class CardGateway {
  private readonly charges = new Map<string, number>();

  /** Charges once for each idempotency key. */
  async charge(card: {
    idempotencyKey: string;
    amountCents: number;
    cardToken: string;
  }): Promise<'charged' | 'declined'> {
    if (card.cardToken === 'tok_declined') return 'declined';
    this.charges.set(card.idempotencyKey, card.amountCents);
    return 'charged';
  }
}
