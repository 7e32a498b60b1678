import { isUnderWay, type OrderStatus } from '../orders/order-messages';
import { rejectionFor } from '../orders/rejection';

/** Something that happened to an order. Its number is one more than that of the order's event before. */
export interface OrderEvent {
  readonly orderId: string;
  readonly seq: number;
  readonly event: string;
  /** The order's status from then on. */
  readonly status: OrderStatus;
  /** Why it was rejected; else, why nothing came of a wish. */
  readonly reason: string | null;
  readonly at: Date;
}

/** Whether an order that this happened to is settled for now. */
export function isLast({ status }: OrderEvent): boolean {
  return !isUnderWay(status);
}

/** What a customer may read of it. */
export function present({ orderId, seq, event, status, reason, at }: OrderEvent): object {
  const why =
    status === 'REJECTED' ? { rejection: rejectionFor(reason ?? '') } : reason === null ? {} : { notice: reason };
  return { orderId, seq, event, status, at, ...why };
}
