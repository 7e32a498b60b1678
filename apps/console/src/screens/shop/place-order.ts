import { dataOf, order, type Shop } from '../../api/client';
import type { Lines } from './articles';

/** Places an order of the customer ada. */
export function placeOrder({
  lines,
  token,
  fault,
}: {
  readonly lines: Lines;
  readonly token: string;
  /** What breaks this order alone, as X-Saga-Fault says it. */
  readonly fault?: string | undefined;
}): Promise<Shop['OrderAccepted']> {
  const chosen = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity }));
  return dataOf(
    order.POST('/orders', {
      params: { header: fault === undefined ? {} : { 'X-Saga-Fault': fault } },
      body: { customerId: 'ada', lines: chosen.filter(({ quantity }) => quantity > 0), paymentToken: token },
    }),
  ) as Promise<Shop['OrderAccepted']>;
}
