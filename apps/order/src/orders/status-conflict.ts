import { HttpStatus } from '@nestjs/common';
import { Problem } from '@palinode/service';
import type { Order, OrderStatus } from './order-messages';

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
