import { Injectable } from '@nestjs/common';
import type { Command } from '@palinode/saga/contract';
import { effectOf } from '@palinode/service';
import type { EntityManager } from 'typeorm';

/** A part of one captured authorization. */
export interface Portion {
  readonly id: string;
  readonly reference: string;
  readonly amountCents: number;
}

/** A part that the gateway paid back, or that is owed to the customer. */
export interface SettledPortion {
  readonly id: string;
  readonly refundedCents: number;
  readonly owedCents: number;
}

export class RefundTooLargeError extends Error {
  override readonly name = 'TooLittleTakenError';

  constructor(orderId: string, amountCents: number, takenCents: number) {
    super(`${amountCents} cents cannot be paid back for order ${orderId}: only ${takenCents} were captured.`);
  }
}

const LOCK_CAPTURED = `
  SELECT id, gateway_reference AS reference, amount_cents - refunded_cents - owed_cents AS cents FROM card_authorization
  WHERE order_id = $1 AND status = 'CAPTURED' AND refunded_cents + owed_cents < amount_cents ORDER BY id DESC FOR UPDATE`;

/**
 * $1 to $5 the effect (saga, step, direction, command, command id), of which the command's id names the posting; $6 the
 * authorizations, $7 the refunded amount of each, $8 the owed amount of each. One posting and one effect for all.
 */
const SETTLE = `
  WITH settled AS (
    UPDATE card_authorization
    SET refunded_cents = refunded_cents + part.refunded, owed_cents = owed_cents + part.owed
    FROM unnest($6::uuid[], $7::bigint[], $8::bigint[]) AS part (id, refunded, owed) WHERE card_authorization.id = part.id
    RETURNING order_id, part.refunded, part.owed, currency
  ),
  moved AS (
    SELECT order_id, currency, sum(refunded)::bigint AS refunded, sum(owed)::bigint AS owed FROM settled
    GROUP BY order_id, currency
  ),
  posted AS (
    INSERT INTO ledger_entry (posting_id, order_id, account, amount_cents, currency)
    SELECT $5::uuid, order_id, side.account, side.cents, currency
    FROM moved CROSS JOIN LATERAL
      (VALUES ('revenue', refunded + owed), ('receivable', -refunded), ('payable', -owed)) AS side (account, cents)
    WHERE side.cents <> 0
  ),
  noted AS (
    INSERT INTO effects (saga_id, step, direction, command, command_id, order_id)
    SELECT $1::uuid, $2, $3, $4, $5::uuid, order_id FROM moved
  )
  SELECT count(*) FROM moved`;

/** Refunds of captured payments. */
@Injectable()
export class Refunds {
  /** Locks the captured amounts of the order, newest first, up to this amount or all of it. */
  async lock(tx: EntityManager, orderId: string, amountCents?: number): Promise<Portion[]> {
    const rows: { id: string; reference: string; cents: string }[] = await tx.query(LOCK_CAPTURED, [orderId]);
    const taken = rows.reduce((sum, { cents }) => sum + Number(cents), 0);
    let left = amountCents ?? taken;
    if (left > taken) throw new RefundTooLargeError(orderId, left, taken);
    const portions: Portion[] = [];
    for (const { id, reference, cents } of rows) {
      if (left === 0) break;
      const part = Math.min(left, Number(cents));
      portions.push({ id, reference, amountCents: part });
      left -= part;
    }
    return portions;
  }

  async post(tx: EntityManager, command: Command, portions: readonly SettledPortion[]): Promise<void> {
    await tx.query(SETTLE, [
      ...effectOf(command),
      portions.map(({ id }) => id),
      portions.map(({ refundedCents }) => refundedCents),
      portions.map(({ owedCents }) => owedCents),
    ]);
  }
}
