import type { Order } from './order-messages';
import { rejectionFor } from './rejection';

/** An order as its table has it. */
export type OrderRow = Omit<Order, 'totalCents' | 'rejection' | 'notice'> & {
  totalCents: string;
  reason: string | null;
  notice: string | null;
};

export function toOrder({ reason, notice, totalCents, ...row }: OrderRow): Order {
  return {
    ...row,
    totalCents: Number(totalCents),
    ...(reason === null ? {} : { rejection: rejectionFor(reason) }),
    ...(notice === null ? {} : { notice }),
  };
}
