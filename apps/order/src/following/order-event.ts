import { isUnderWay, type OrderStatus } from '../orders/order-messages';
import { rejectionFor } from '../orders/rejection';

/** An event of an order. Events of an order are numbered without gaps. */
export interface OrderEvent {
  readonly orderId: string;
  readonly seq: number;
  readonly event: string;
  /** The order's status after the event. */
  readonly status: OrderStatus;
  /** Why the order was rejected or a requested change was dropped. */
  readonly reason: string | null;
  readonly at: Date;
}

/** Whether the order is settled after this event. */
export function isLast({ status }: OrderEvent): boolean {
  return !isUnderWay(status);
}

/** The event as its customer sees it. */
export function present({ orderId, seq, event, status, reason, at }: OrderEvent): object {
  const why =
    status === 'REJECTED' ? { rejection: rejectionFor(reason ?? '') } : reason === null ? {} : { notice: reason };
  return { orderId, seq, event, status, at, ...why };
}
