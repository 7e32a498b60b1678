import { CardGateway, type ChargeRequest } from './card-commands.js';

/** Stands for a payment provider: it declines `tok_declined`, and charges once for each idempotency key. */
export class DemoCardGateway extends CardGateway {
  private readonly charged = new Set<string>();

  async charge({ idempotencyKey, token }: ChargeRequest): Promise<'ok' | 'declined'> {
    if (token === 'tok_declined') return 'declined';
    this.charged.add(idempotencyKey);
    return 'ok';
  }
}
