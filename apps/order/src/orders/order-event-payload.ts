import type { OrderPlaced } from '@palinode/contracts';
import type { Order } from './order-messages';

/** The payload of an order's events. */
export function toEventPayload({ orderId, customerId, lines, totalCents, currency }: Order): OrderPlaced {
  return { orderId, customerId, lines, totalCents, currency };
}
