/*
 * Changes an order's status under its row lock, so that the first of several concurrent changes wins. END_ORDER ends an
 * order instead.
 */
import { HttpStatus } from '@nestjs/common';
import type { Command } from '@palinode/saga/contract';
import { effectOf, Problem } from '@palinode/service';
import type { EntityManager } from 'typeorm';
import type { Order, OrderStatus } from './order-messages';
import { COLUMNS, type OrderRow, toOrder } from './order-statements';

/** Locks and reads the order; nothing else can change it until the transaction ends. */
export async function lockOrder(tx: EntityManager, orderId: string): Promise<Order | undefined> {
  const [row]: OrderRow[] = await tx.query(`SELECT ${COLUMNS} FROM orders WHERE id = $1 FOR UPDATE`, [orderId]);
  return row && toOrder(row);
}

export interface Change {
  readonly status: OrderStatus;
  /** The event's name in the history. @default the status in lower case */
  readonly event?: string;
  /** Why a requested change was dropped, for the customer. */
  readonly notice?: string;
}

const CHANGE = `
  WITH changed AS (
    UPDATE orders SET status = $2, notice = $4, revision = revision + 1 WHERE id = $1
    RETURNING id, revision, status, notice, webhook_url
  ), called AS (
    INSERT INTO webhook_delivery (order_id, seq, url)
    SELECT id, revision, webhook_url FROM changed WHERE webhook_url IS NOT NULL
  )
  INSERT INTO order_event (order_id, seq, event, status, reason, at)
  SELECT id, revision, $3, status, notice, clock_timestamp() FROM changed
  RETURNING seq AS revision`;

/** Changes the status of a locked order, adds an event and a webhook delivery. Returns the new revision. */
export async function changeOrder(
  tx: EntityManager,
  orderId: string,
  { status, event = status.toLowerCase(), notice }: Change,
): Promise<number | undefined> {
  const [changed]: { revision: number }[] = await tx.query(CHANGE, [orderId, status, event, notice ?? null]);
  return changed?.revision;
}

/** Records the effect of a command on an order. */
export async function recordEffect(tx: EntityManager, command: Command, orderId: string): Promise<void> {
  await tx.query(
    `INSERT INTO effects (saga_id, step, direction, command, command_id, order_id) VALUES ($2, $3, $4, $5, $6, $1)`,
    [orderId, ...effectOf(command)],
  );
}

const REMEDY: Readonly<Record<OrderStatus, string>> = {
  PENDING: 'wait until it is approved',
  REVISING: 'wait until its revision is settled',
  CANCELLING: 'it is being cancelled',
  APPROVED: 'try again',
  REJECTED: 'place a new order',
  CANCELLED: 'place a new order',
};

/** The problem for a change that the order's status does not allow. */
export function statusConflict(what: string, { orderId, status }: Pick<Order, 'orderId' | 'status'>): Problem {
  const detail = `The order ${orderId} is ${status} and cannot be ${what} now: ${REMEDY[status]}.`;
  return new Problem(HttpStatus.CONFLICT, {
    code: 'order-not-ready',
    title: 'The order cannot be changed now',
    detail,
  });
}
