import { dataOf, order, type Shop } from '../../api/client';
import type { Lines } from './articles';

/** An article of the catalogue that inventory never has. */
const SOLD_OUT = 'SKU-OUT-OF-STOCK';

/** Places an order of the customer ada. */
export function placeOrder({
  lines,
  token,
  soldOut = false,
  fault,
}: {
  readonly lines: Lines;
  readonly token: string;
  readonly soldOut?: boolean;
  /** What breaks this order alone, as X-Saga-Fault says it. */
  readonly fault?: string | undefined;
}): Promise<Shop['OrderAccepted']> {
  const chosen = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity }));
  const all = [...chosen, ...(soldOut ? [{ sku: SOLD_OUT, quantity: 1 }] : [])];
  return dataOf(
    order.POST('/orders', {
      params: { header: fault === undefined ? {} : { 'X-Saga-Fault': fault } },
      body: { customerId: 'ada', lines: all.filter(({ quantity }) => quantity > 0), paymentToken: token },
    }),
  ) as Promise<Shop['OrderAccepted']>;
}
