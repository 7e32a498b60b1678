import { Injectable } from '@nestjs/common';
import type { Command } from '@palinode/saga/contract';
import { effectOf } from '@palinode/service';
import { DataSource, type EntityManager } from 'typeorm';
import { CAPTURE, HOLD, type Movement, VOID } from '../ledger/ledger';
import type { Payment } from './payment-messages';

/*
 * Parameters of the statements that move money: $1 to $5 the effect (saga, step, direction, command, command id), of
 * which the command's id names the posting; $6 the account debited, $7 the account credited.
 */
export const POST_AND_RECORD = `
  posted AS (
    INSERT INTO ledger_entry (posting_id, order_id, account, amount_cents, currency)
    SELECT $5::uuid, moved.order_id, side.account, side.sign * moved.amount_cents, moved.currency
    FROM moved CROSS JOIN (VALUES ($6, 1), ($7, -1)) AS side (account, sign)
  ),
  noted AS (
    INSERT INTO effects (saga_id, step, direction, command, command_id, order_id)
    SELECT $1::uuid, $2, $3, $4, $5::uuid, order_id FROM moved
  )`;

/** $8 to $12 id, order, customer, amount and currency; $13 the gateway's reference. */
const AUTHORIZE = `
  WITH moved AS (
    INSERT INTO card_authorization (id, order_id, customer_id, amount_cents, currency, status, gateway_reference)
    VALUES ($8, $9, $10, $11, $12, 'AUTHORIZED', $13)
    RETURNING order_id, amount_cents, currency
  ), ${POST_AND_RECORD}
  SELECT count(*) FROM moved`;

/** $1 to $5 id, order, customer, amount and currency; $6 the reason. */
const DECLINE = `
  INSERT INTO card_authorization (id, order_id, customer_id, amount_cents, currency, status, declined_because)
  VALUES ($1, $2, $3, $4, $5, 'DECLINED', $6)`;

/** $8 the id by which authorizations are found; $9 the new status of those that are still open. */
const CHANGE_STATUS = (found: 'id' | 'order_id'): string => `
  WITH moved AS (
    UPDATE card_authorization SET status = $9 WHERE ${found} = $8 AND status = 'AUTHORIZED'
    RETURNING order_id, amount_cents, currency
  ), ${POST_AND_RECORD}
  SELECT count(*) FROM moved`;

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
