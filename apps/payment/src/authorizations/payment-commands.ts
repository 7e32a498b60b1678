import { Controller, Inject } from '@nestjs/common';
import {
  AuthorizePayment,
  authorizePayment,
  CapturePayment,
  capturePayment,
  PaymentAuthorized,
  VoidPayment,
  voidPayment,
} from '@palinode/contracts';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { commandOf, HandleCommand, once } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { CARD_GATEWAY, type CardGateway } from '../card-gateway/card-gateway';
import { Authorizations } from './authorizations';

/**
 * The handlers that move money. The gateway's result is stored before anything else happens, so that the next attempt
 * continues there when the transaction fails or the process dies.
 */
@Controller()
export class PaymentCommands {
  constructor(
    private readonly authorizations: Authorizations,
    @Inject(CARD_GATEWAY) private readonly gateway: CardGateway,
  ) {}

  @HandleCommand(authorizePayment)
  async authorize(
    { orderId, customerId, amountCents, currency, paymentToken: token }: AuthorizePayment,
    tx: EntityManager,
  ): Promise<PaymentAuthorized | Refusal<'card-declined' | 'insufficient-funds'>> {
    const command = commandOf(tx);
    const answer = await once(tx, 'authorize', (idempotencyKey) =>
      this.gateway.authorize({ idempotencyKey, orderId, amountCents, currency, token }),
    );
    const payment = { id: command.id, orderId, customerId, amountCents, currency };
    if (answer.kind === 'declined') {
      await this.authorizations.decline(tx, payment, answer.reason);
      return refuse(answer.reason);
    }
    await this.authorizations.hold(tx, command, payment, answer.reference);
    return { authorizationId: payment.id };
  }

  @HandleCommand(capturePayment)
  async capture(
    { orderId, authorizationId }: CapturePayment,
    tx: EntityManager,
  ): Promise<void | Refusal<'authorization-expired'>> {
    const command = commandOf(tx);
    const { status, reference } = await this.authorizations.lock(tx, authorizationId, orderId);
    if (status === 'CAPTURED') return;
    if (status !== 'AUTHORIZED') return refuse('authorization-expired');
    const answer = await once(tx, 'capture', (idempotencyKey) => this.gateway.capture({ idempotencyKey, reference }));
    if (answer === 'authorization-expired') return refuse('authorization-expired');
    await this.authorizations.capture(tx, command, authorizationId);
  }

  @HandleCommand(voidPayment)
  async void({ orderId }: VoidPayment, tx: EntityManager): Promise<void> {
    // Voids by order, because the gateway may hold an authorization that an interrupted attempt did not record here.
    await once(tx, 'void', (idempotencyKey) => this.gateway.void({ idempotencyKey, orderId }));
    await this.authorizations.void(tx, commandOf(tx), orderId);
  }
}
