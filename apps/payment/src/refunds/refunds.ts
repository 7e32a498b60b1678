import { Injectable } from '@nestjs/common';
import type { Command } from '@palinode/saga/contract';
import type { EntityManager } from 'typeorm';
import { POST_AND_NOTE } from '../authorizations/authorization-statements';
import { movement } from '../authorizations/authorizations';
import { PAY_BACK } from '../ledger/posting';

/** A part of what was taken by one authorization. */
export interface Portion {
  readonly id: string;
  readonly reference: string;
  readonly amountCents: number;
}

export class TooLittleTakenError extends Error {
  override readonly name = 'TooLittleTakenError';

  constructor(orderId: string, amountCents: number, takenCents: number) {
    super(`${amountCents} cents are to be paid back for order ${orderId}, of which only ${takenCents} were taken.`);
  }
}

const TAKEN = `
  SELECT id, gateway_reference AS reference, amount_cents - refunded_cents AS cents FROM card_authorization
  WHERE order_id = $1 AND status = 'CAPTURED' AND refunded_cents < amount_cents ORDER BY id DESC FOR UPDATE`;

/** $8 authorizations, $9 what is paid back of each; one posting and one effect for all. */
const REFUND = `
  WITH paid AS (
    UPDATE card_authorization SET refunded_cents = refunded_cents + part.cents
    FROM unnest($8::uuid[], $9::bigint[]) AS part (id, cents) WHERE card_authorization.id = part.id
    RETURNING order_id, part.cents, currency
  ),
  moved AS (SELECT order_id, sum(cents) AS amount_cents, currency FROM paid GROUP BY order_id, currency),
  ${POST_AND_NOTE}
  SELECT count(*) FROM moved`;

/** What goes back to customers after it was taken. */
@Injectable()
export class Refunds {
  /** What was taken for the order, newest first, up to this amount or all of it; nobody can change it until the transaction ends. */
  async lock(tx: EntityManager, orderId: string, amountCents?: number): Promise<Portion[]> {
    const rows: { id: string; reference: string; cents: string }[] = await tx.query(TAKEN, [orderId]);
    const taken = rows.reduce((sum, { cents }) => sum + Number(cents), 0);
    let left = amountCents ?? taken;
    if (left > taken) throw new TooLittleTakenError(orderId, left, taken);
    const portions: Portion[] = [];
    for (const { id, reference, cents } of rows) {
      if (left === 0) break;
      const part = Math.min(left, Number(cents));
      portions.push({ id, reference, amountCents: part });
      left -= part;
    }
    return portions;
  }

  async post(tx: EntityManager, command: Command, portions: readonly Portion[]): Promise<void> {
    const ids = portions.map(({ id }) => id);
    const cents = portions.map(({ amountCents }) => amountCents);
    await tx.query(REFUND, [...movement(command, PAY_BACK), ids, cents]);
  }
}
