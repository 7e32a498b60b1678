import type { OrderPlaced } from '@palinode/contracts';
import type { Order } from './order-messages';

/** What events tell of an order. */
export function asOrdered({ orderId, customerId, lines, totalCents, currency }: Order): OrderPlaced {
  return { orderId, customerId, lines, totalCents, currency };
}
