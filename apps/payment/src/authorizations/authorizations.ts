import { Injectable } from '@nestjs/common';
import type { Command } from '@palinode/saga/contract';
import { effectOf } from '@palinode/service';
import { DataSource, type EntityManager } from 'typeorm';
import { CAPTURE, HOLD, VOID, type Movement } from '../ledger/posting';
import { AUTHORIZE, CHANGE_STATUS, DECLINE } from './authorization-statements';
import type { Payment } from './payment-messages';

export interface NewAuthorization {
  readonly id: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly amountCents: number;
  readonly currency: string;
}

type Cents = 'amountCents' | 'refundedCents' | 'owedCents';
/** PostgreSQL returns bigint as text. */
type PaymentRow = Omit<Payment, Cents> & Record<Cents, string>;

export class UnknownAuthorizationError extends Error {
  override readonly name = 'UnknownAuthorizationError';

  constructor(id: string, orderId: string) {
    super(`Order ${orderId} has no authorization ${id}.`);
  }
}

/** Card authorizations and their changes; each change is posted to the ledger in the same statement. */
@Injectable()
export class Authorizations {
  constructor(private readonly dataSource: DataSource) {}

  async hold(tx: EntityManager, command: Command, payment: NewAuthorization, reference: string): Promise<void> {
    await tx.query(AUTHORIZE, [...movement(command, HOLD), ...columns(payment), reference]);
  }

  async decline(tx: EntityManager, payment: NewAuthorization, reason: string): Promise<void> {
    await tx.query(DECLINE, [...columns(payment), reason]);
  }

  /** Locks and reads the authorization. */
  async lock(tx: EntityManager, id: string, orderId: string): Promise<{ status: string; reference: string }> {
    const [row]: { status: string; reference: string }[] = await tx.query(
      `SELECT status, gateway_reference AS reference FROM card_authorization WHERE id = $1 AND order_id = $2 FOR UPDATE`,
      [id, orderId],
    );
    if (row === undefined) throw new UnknownAuthorizationError(id, orderId);
    return row;
  }

  async capture(tx: EntityManager, command: Command, id: string): Promise<void> {
    await tx.query(CHANGE_STATUS('id'), [...movement(command, CAPTURE), id, 'CAPTURED']);
  }

  /** Voids the order's open authorizations, if any. */
  async void(tx: EntityManager, command: Command, orderId: string): Promise<void> {
    await tx.query(CHANGE_STATUS('order_id'), [...movement(command, VOID), orderId, 'VOIDED']);
  }

  async ofOrder(orderId: string): Promise<Payment[]> {
    const rows: PaymentRow[] = await this.dataSource.query(
      `SELECT id AS "authorizationId", order_id AS "orderId", amount_cents AS "amountCents",
              refunded_cents AS "refundedCents", owed_cents AS "owedCents", currency, status,
              declined_because AS "declinedBecause", created_at AS "createdAt"
       FROM card_authorization WHERE order_id = $1 ORDER BY id`,
      [orderId],
    );
    return rows.map((row) => ({
      ...row,
      amountCents: Number(row.amountCents),
      refundedCents: Number(row.refundedCents),
      owedCents: Number(row.owedCents),
    }));
  }
}

export function movement(command: Command, { debit, credit }: Movement): string[] {
  return [...effectOf(command), debit, credit];
}

function columns({ id, orderId, customerId, amountCents, currency }: NewAuthorization): unknown[] {
  return [id, orderId, customerId, amountCents, currency];
}
